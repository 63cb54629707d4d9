package models

import (
	"slices"
	"time"
)

// Limit counts what somebody has done lately, by two buckets that fill again with
// time: when the first is empty she is suspect, when the second is, ten times as
// large, she is a machine. The zero value has two full ones. Kept by address, its
// id is a keyed hash that says nothing of whose it is.
type Limit struct {
	Document
	// Suspect and Machine are when each of the buckets will be full again.
	Suspect time.Time `json:"suspect"`
	Machine time.Time `json:"machine"`
	// Barred is until when nothing is to come of what she asks for: the owner of
	// the address said that it was not she.
	Barred time.Time `json:"barred,omitzero"`
	// Returned is until when nothing is mailed to the address: what was mailed to
	// it came back, and nothing has shown since that anybody reads it.
	Returned time.Time `json:"returned,omitzero"`
	// Mails are what was mailed within a day before it was shown that somebody
	// reads it, in their order. The last may be still to come.
	Mails []Mailed `json:"mails,omitempty"`
}

// Mailed is one mail that counts. The id is empty for one that gathers others.
type Mailed struct {
	ID string    `json:"id,omitempty"`
	At time.Time `json:"at"`
}

// LimitSignUp is what the limit of an address is kept for that is signed up with
// and mailed to.
const LimitSignUp = "sign-up"

// MineLasts is how long a mail that lists sign-ups is worth sending.
const MineLasts = 48 * time.Hour

// LimitPurpose is the purpose of the keyed hash of an address that is the id of
// its limit.
func LimitPurpose(what string) string { return "limit " + what }

// MailsADay is how many mails an address gets within a day as long as no link in
// one of them was used: else whoever signs others up could bury them in mail.
const MailsADay = 6

// ReturnedLasts is how long an address is left alone that mail came back from,
// when it does not show before then that somebody reads it.
const ReturnedLasts = 90 * 24 * time.Hour

// BarredLasts is how long an address is left in peace whose owner did not sign
// up.
const BarredLasts = 90 * 24 * time.Hour

// Rate is what somebody may do before she is suspect: Burst times at once, and
// once more every Every.
type Rate struct {
	Burst int
	Every time.Duration
}

// machine is how many times as much a machine does.
const machine = 10

// ClientRate is for sign-ups from one network address: a library or an
// association's wireless network is one client to us, and nobody is to be shut
// out for standing beside others.
func ClientRate() Rate { return Rate{60, 30 * time.Second} }

// SignUpRate is for sign-ups with one mail address.
func SignUpRate() Rate { return Rate{3, 10 * time.Minute} }

// SignInRate is for sign-ins mailed to one address.
func SignInRate() Rate { return Rate{5, 10 * time.Minute} }

// CodeRate is for codes tried for one address: they have six digits, and without
// a limit of its own a patient machine would find one.
func CodeRate() Rate { return Rate{15, 10 * time.Minute} }

// MineRate is for mails that list what an address has signed up for.
func MineRate() Rate { return Rate{1, 10 * time.Minute} }

// Take counts one time, and reports whether that makes her suspect. CodeTooMany,
// with the time to wait as "Wait", when she is a machine; that is not counted.
func (l *Limit) Take(r Rate, now time.Time) (suspect bool, err error) {
	many := Rate{r.Burst * machine, r.Every / machine}
	if wait := many.take(&l.Machine, now); wait > 0 {
		return true, tooMany(wait)
	}
	return r.take(&l.Suspect, now) > 0, nil
}

// TakeStrictly counts one time where nobody can be asked to confirm: CodeTooMany
// for whoever is suspect.
func (l *Limit) TakeStrictly(r Rate, now time.Time) error {
	if wait := r.take(&l.Suspect, now); wait > 0 {
		return tooMany(wait)
	}
	return nil
}

func tooMany(wait time.Duration) error {
	return &Error{Code: CodeTooMany, With: map[string]any{"Wait": wait}}
}

// Mail counts a mail, and says which of the day it is, from 1. 0: it is one too
// many, and is to stand in the one that goes out at gathered. Counting a mail
// again changes nothing.
func (l *Limit) Mail(id string, now time.Time) (number int, gathered time.Time) {
	const day = 24 * time.Hour
	var mails []Mailed
	for _, m := range l.Mails {
		if m.At.After(now.Add(-day)) {
			mails = append(mails, m)
		}
	}
	l.Mails = mails
	for i, m := range mails {
		if m.ID == id {
			return i + 1, time.Time{}
		}
	}
	if len(mails) < MailsADay {
		l.Mails = append(l.Mails, Mailed{id, now})
		return len(l.Mails), time.Time{}
	}
	if last := mails[len(mails)-1]; last.At.After(now) {
		return 0, last.At
	}
	// It takes the place of the first as soon as that is a day old, and so is one
	// of the six of its own day.
	gathered = mails[0].At.Add(day)
	l.Mails = append(l.Mails, Mailed{At: gathered})
	return 0, gathered
}

// Full is when both buckets will be full and nothing else is to be remembered, so
// that the limit is as good as none.
func (l *Limit) Full() time.Time {
	ends := []time.Time{l.Suspect, l.Machine, l.Barred, l.Returned}
	for _, m := range l.Mails {
		ends = append(ends, m.At.Add(24*time.Hour))
	}
	return slices.MaxFunc(ends, time.Time.Compare)
}

// take takes one out of a bucket that will be full at that time, or says how long
// it is until there is one in it.
func (r Rate) take(full *time.Time, now time.Time) (wait time.Duration) {
	next := *full
	if next.Before(now) {
		next = now
	}
	next = Milli(next.Add(r.Every))
	if wait := next.Sub(now) - time.Duration(r.Burst)*r.Every; wait > 0 {
		return wait
	}
	*full = next
	return 0
}
