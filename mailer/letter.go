package mailer

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"samling/ics"
	"samling/locale"
	"samling/models"
)

// House is what all letters of one installation have in common.
type House struct {
	Site string // public base URL, no trailing slash; all links begin with it
	From string // address on our own domain: sender, and organiser of invitations
	// Bounce is an address whose mail is fed to TakeBack, whatever stands between
	// a "+" and the "@" in it: each mail has one of its own as the sender of its
	// envelope, and each sign-up one as the organiser of its invitations. Empty:
	// both are From.
	Bounce  string
	Name    string // of the installation
	Central string // name of the central office, which may read every list; empty: "the central office"
	// Language is that of addresses without a prefix, and of people of whom
	// nothing better is known.
	Language  string
	Catalogue *locale.Catalogue
	Calendar  *ics.Encoder
	// Token, Code and Tag are those of the vault.
	Token func(purpose, id string) string
	Code  func(purpose, id string) string
	Tag   func(purpose, id string) string
}

// The purposes of the tokens and codes in mails.
const (
	ManagePurpose = "manage"
	SignInPurpose = "sign-in"
)

// Letter is everything that one message is made of.
type Letter struct {
	House    *House
	Mail     models.Mail
	To       string // address
	Language string // of the reader; empty: the house's
	// Name greets the reader. It must be empty as long as no link of a mail to
	// her address has been used: until then it is only something that somebody
	// typed into a form, and our mail is nobody's carrier.
	Name string
	// Parting is what an organiser wrote to her, and to nobody else.
	Parting string
	// Text is what a MailMessage says.
	Text string
	// Living are what a MailMine or a MailTogether lists.
	Living []models.Living
	// Waiting are what a MailApprovalWaits lists.
	Waiting []models.Event
	// Last: further mails of this day will stand in one.
	Last bool
}

// Message is a letter as it goes to the mail server.
type Message struct {
	From, To string // of the envelope
	Subject  string // as people read it
	Bytes    []byte // RFC 5322, CRLF, ASCII
}

// Compose writes a letter. It is pure: the same letter gives the same bytes. The
// error says why it can never be sent: an address that is none, or a kind that
// has no words.
func Compose(l Letter) (Message, error) {
	h := l.House
	for _, address := range []string{l.To, h.From} {
		if !plainAddress(address) {
			return Message{}, fmt.Errorf("mailer: not a mail address (%d bytes)", len(address))
		}
	}
	l.Language = cmp.Or(l.Language, h.Language)
	words := h.Catalogue
	if l.Mail.Organiser != "" {
		words = words.Complete() // the desk speaks no other languages
	}
	p := words.In(l.Language)
	l.Language = p.Language()
	page, err := l.page(p)
	if err != nil {
		return Message{}, err
	}
	body, err := l.body(page)
	if err != nil {
		return Message{}, err
	}
	return Message{From: h.returning(models.TagBounce, l.Mail.ID), To: l.To, Subject: page.Subject, Bytes: append(l.header(page), body...)}, nil
}

// returning is the address to which what comes of a mail or a sign-up returns.
func (h *House) returning(purpose, id string) string {
	name, domain, ok := strings.Cut(h.Bounce, "@")
	if !ok {
		return h.From
	}
	return name + "+" + h.Tag(purpose, id) + "@" + domain
}

// header is our own header block, in fixed order; the library's has another
// order every time, unfolded lines and a Message-ID that names the machine.
func (l Letter) header(page page) []byte {
	h, about := l.House, l.Mail.About
	if l.Mail.Organiser != "" { // her hosts are whom she works for, not who writes
		about.Hosts = nil
	}
	var b headers
	b.line("Date", l.Mail.Born.UTC().Format(time.RFC1123Z))
	from := cmp.Or(l.Mail.From, first(about.Hosts))
	b.address("From", cmp.Or(from, h.Name), h.From)
	if plainAddress(about.ReplyTo) {
		b.address("Reply-To", from, about.ReplyTo)
	}
	b.address("To", "", l.To)
	b.text("Subject", page.Subject)
	b.line("Message-ID", l.messageID(h.Tag(models.TagMessage, l.Mail.ID)))
	if l.Mail.RSVP != "" && !l.Mail.Lists() {
		// No mail has this id: it holds the thread together whichever of them
		// comes first.
		root := sha256.Sum256([]byte(l.Mail.Event + "\x00" + l.Mail.RSVP))
		b.line("In-Reply-To", l.messageID(hex.EncodeToString(root[:16])))
		b.line("References", l.messageID(hex.EncodeToString(root[:16])))
	}
	if at := l.unsubscribe(); at != "" {
		b.line("List-Unsubscribe", "<"+at+">") // RFC 8058 §3.1
		b.line("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
	}
	b.line("Auto-Submitted", "auto-generated") // RFC 3834 §5
	b.line("Content-Language", l.Language)
	b.line("MIME-Version", "1.0")
	return b
}

// messageID is an id on our own domain: it stays over retries, so that a copy
// can be recognised as one.
func (l Letter) messageID(id string) string {
	return "<" + id + l.House.From[strings.LastIndexByte(l.House.From, '@'):] + ">"
}

// url is the address of a page in the reader's language.
func (l Letter) url(path string) string {
	if l.Language == l.House.Language {
		return l.House.Site + path
	}
	return l.House.Site + "/" + l.Language + path
}

// manage is the address of the page where she sees and changes her sign-up.
func (l Letter) manage() string { return l.manageOf(l.Mail.RSVP) }

func (l Letter) manageOf(rsvp string) string {
	return l.url("/rsvp/" + l.House.Token(ManagePurpose, rsvp))
}

// calendar is the calendar object of the letter and its method; empty for one
// that carries none.
func (l Letter) calendar() (object []byte, method string) {
	if !l.Mail.Invites() {
		return nil, ""
	}
	method = ics.Request
	if l.Mail.Withdraws() {
		method = ics.Cancel
	}
	i := ics.Invitation{
		Method: method, UID: l.Mail.Event, Sequence: l.Mail.Sequence, Stamp: l.Mail.Born,
		Facts: l.Mail.Is, About: l.Mail.About, Language: l.Language,
		// Calendar programs answer the organiser by themselves, so that is an
		// address of ours and not the host's. It stays the same over all mails of
		// one sign-up: programs take another organiser for another event.
		Organiser: l.House.returning(models.TagReply, l.Mail.RSVP), OrganiserName: cmp.Or(first(l.Mail.About.Hosts), l.House.Name),
		Attendee: l.To, AttendeeName: l.Name,
		WholeEvent: l.Mail.Kind == models.MailCancelled,
	}
	if link := i.About.Link; link != nil {
		// There is no public page. Whoever is going was shown the other one, and
		// nobody else is told where it is.
		if l.Mail.State == models.Going {
			i.URL = l.url("/members/" + l.House.Token(link.Purpose(), l.Mail.Event) + "/events/" + i.About.Slug)
		}
		i.About.Slug = ""
	}
	return l.House.Calendar.Invitation(i), method
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
