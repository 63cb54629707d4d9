package models

// The purposes of the tags (vault.Tag) that our mails carry, so that what comes
// of them can be told from what somebody made up.
const (
	TagBounce  = "bounce"  // in the sender of the envelope, for a mail
	TagMessage = "message" // in the Message-ID, for a mail
	TagReply   = "reply"   // in the organiser of an invitation, for a sign-up
)

// Returned is a message that came to the address which our mails have as their
// sender, as far as it says something about one of them. Anybody can send one: it
// is believed only with a tag that we made.
type Returned struct {
	What ReturnedKind
	// To are the addresses that it was sent to, one of which may hold a tag.
	To []string
	// Original is the local part of the Message-ID of the mail that it is about;
	// empty: it does not say.
	Original string
	// Words are what the other mail server said, addresses cut out.
	Words string
	// Event and Attendee are the UID and the address of a calendar's answer.
	Event, Attendee string
}

// ReturnedKind is what somebody or something answered a mail.
type ReturnedKind string

// The kinds.
const (
	ReturnedFailed     ReturnedKind = "failed"     // it will not arrive, nor will the next
	ReturnedRefused    ReturnedKind = "refused"    // for what we are, so it is no fault of the address
	ReturnedDelayed    ReturnedKind = "delayed"    // it has not arrived, the next may
	ReturnedDeclined   ReturnedKind = "declined"   // a calendar program says that she does not come
	ReturnedAnswered   ReturnedKind = "answered"   // or anything else
	ReturnedAutomatic  ReturnedKind = "automatic"  // she is away, or her mail program says something by itself
	ReturnedOther      ReturnedKind = "other"      // somebody wrote a mail
	ReturnedUnreadable ReturnedKind = "unreadable" // it is no mail
)

// Upshot is what came of a returned message: its kind, when that was noted or
// means nothing to us, or one of these.
type Upshot string

// The upshots beside the kinds.
const (
	UpshotUnknown Upshot = "unknown"  // it names no mail and no sign-up of ours
	UpshotAgain   Upshot = "again"    // that is known already
	UpshotNotHers Upshot = "not-hers" // another answers than the one who signed up
	UpshotLate    Upshot = "late"     // the event is off or over
)

// Living is a sign-up that counts, at an event that is still to come.
type Living struct {
	RSVP  string
	Event string // id
	About About
	Is    Facts
	Entry Entry
	Line  int // place in the waiting line; 0: she does not wait
	// Was are the facts before the plan that a MailTogether tells of.
	Was Facts
}
