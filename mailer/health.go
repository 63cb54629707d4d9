package mailer

import (
	"context"
	"time"

	"samling/models"
)

// Paused says since when and why no mail goes out; the zero time when it does.
// ours: somebody must look at the settings, waiting does not help.
func (o *Outbox) Paused() (since time.Time, why string, ours bool) {
	o.pause.mu.Lock()
	defer o.pause.mu.Unlock()
	if o.pause.faults == 0 {
		return time.Time{}, "", false
	}
	return o.pause.since, o.pause.why, o.pause.class == Ours
}

// Trouble is why somebody must look after the mail as a whole.
type Trouble string

// The troubles; empty: none.
const (
	TroubleRefused Trouble = "refused" // the server refuses us: settings, certificate, name
	TroubleAway    Trouble = "away"    // it cannot be reached, for longer than a restart takes
	TroubleLate    Trouble = "late"    // it can, but mail waits all the same
)

// troubleAfter is how long the server may be away, and the oldest mail wait,
// before somebody is to know.
const troubleAfter = 10 * time.Minute

// Trouble says what is wrong, since when, and with which words of the server,
// addresses cut out. It asks the store how long the oldest mail has waited.
func (o *Outbox) Trouble(ctx context.Context) (t Trouble, since time.Time, words string, err error) {
	since, words, ours := o.Paused()
	now := o.cfg.Now()
	switch {
	case ours:
		return TroubleRefused, since, words, nil
	case !since.IsZero() && now.Sub(since) >= troubleAfter:
		return TroubleAway, since, words, nil
	}
	lag, err := o.Lag(ctx)
	if err == nil && lag >= troubleAfter {
		return TroubleLate, now.Add(-lag), words, nil
	}
	return "", time.Time{}, "", err
}

// Lag is how long the oldest mail that should have gone out has waited since it
// was due; 0 when none does.
func (o *Outbox) Lag(ctx context.Context) (time.Duration, error) {
	var oldest time.Time
	for _, status := range []models.MailStatus{models.MailQueued, models.MailSending} {
		for m, err := range o.cfg.Store.Mails.List(ctx, models.Query{Index: "status", Equal: []any{string(status)}, Limit: 1}) {
			if err != nil {
				return 0, err
			}
			if oldest.IsZero() || m.Due.Before(oldest) {
				oldest = m.Due
			}
		}
	}
	if oldest.IsZero() {
		return 0, nil
	}
	return max(0, o.cfg.Now().Sub(oldest)), nil
}
