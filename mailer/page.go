package mailer

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"samling/locale"
	"samling/models"
)

// page is what a letter says, before it becomes text and HTML: both are made of
// this alone, so neither can say more than the other.
type page struct {
	Language string
	// Direction is that of the language; what may be written the other way stands
	// isolated in its sentences.
	Direction string
	Subject   string
	Preview   string // what inboxes show behind the subject
	Hello     string
	Head      string // the heading
	Event     string // title of the event
	Body      string
	Written   []written // by an organiser, before the facts
	Facts     []fact
	Items     []item   // of a list
	Reason    []string // the organiser's words, by paragraph, after ReasonLead
	Actions   []link
	Notes     []string
	Footer    []string

	ReasonLead string
}

// fact is a label and what it labels; Link when that is an address, Large when it
// is to be read off and typed elsewhere.
type fact struct {
	Label, Value string
	Link, Large  bool
}

// link leads somewhere; Button when it is what the letter asks for.
type link struct {
	Label, URL string
	Button     bool
}

// item is one thing of several, with what stands about it and where it leads.
type item struct {
	Title, When string
	Stands      []string
	Links       []link
}

// writer puts the page of one letter together.
type writer struct {
	*locale.Printer
	Letter
	page page
	zone *time.Location
}

func (l Letter) page(p *locale.Printer) (page, error) {
	w := &writer{Printer: p, Letter: l, zone: models.Zone(l.Mail.Is.TimeZone)}
	w.page = page{Language: l.Language, Direction: p.Direction(), Hello: w.T("mail.hello")}
	if name := oneLine(l.Name); name != "" {
		w.page.Hello = w.T("mail.hello-name", "Name", name)
	}
	switch l.Mail.Kind {
	case models.MailSignIn:
		w.signIn()
		return w.page, nil
	case models.MailMine:
		w.mine()
		return w.page, nil
	case models.MailInvited, models.MailLapsing, models.MailLapsed, models.MailLapses, models.MailWork,
		models.MailNewBrowser, models.MailFactorAdded, models.MailFactorRemoved, models.MailFactorReset, models.MailTokenMade:
		w.desk()
		return w.page, nil
	case models.MailTogether:
		w.planned()
		return w.page, nil
	case models.MailMessage:
		w.message()
		return w.page, nil
	case models.MailDigest, models.MailEve, models.MailClose:
		if len(l.Mail.Standings) == 0 {
			return page{}, fmt.Errorf("mailer: nothing to say in a mail of kind %q", l.Mail.Kind)
		}
		w.round()
		return w.page, nil
	case models.MailApprovalWaits:
		w.approvals()
		return w.page, nil
	}
	if !p.Has("mail." + string(l.Mail.Kind) + ".subject") {
		return page{}, fmt.Errorf("mailer: no words for a mail of kind %q", l.Mail.Kind)
	}
	w.page.Event = oneLine(l.Mail.About.Title(l.Language))
	if l.Mail.Kind.AmongHosts() {
		w.together()
		return w.page, nil
	}
	w.say(string(l.Mail.Kind))
	w.facts()
	w.page.Preview = w.when(l.Mail.Is)
	w.reason()
	w.links()
	w.footer()
	return w.page, nil
}

// say fills in subject, heading and body.
func (w *writer) say(kind string) {
	m, key, form := w.Mail, "mail."+kind, ""
	if m.Kind == models.MailReminder && w.bornOn(m.Is.Starts) {
		form = "-today"
	}
	tail := w.T("mail.tail", "Title", clip(w.page.Event, longestTail), "Day", w.Day(m.Is.Starts.In(w.zone)))
	gaps := []any{
		"Tail", tail, "Line", m.Line, "Until", w.moment(m.Until), "By", w.by(m.Until), "What", "",
		"Count", max(1, m.Party),
	}
	if m.Kind == models.MailAsked {
		gaps = append(gaps, "Count", max(1, m.Asked))
	}
	w.page.Head = w.T(key+".head"+form, gaps...)
	w.page.Body = w.T(key+".body"+form, gaps...)
	switch {
	case m.Kind == models.MailWaiting && m.Line > 0:
		w.page.Head = w.T("mail.waiting.head-line", gaps...)
		if m.Told == models.Going {
			w.page.Body = w.T("mail.waiting.body-moved")
		}
	case m.Kind == models.MailChanged:
		w.page.Head = w.T("mail.changed." + w.changed())
		gaps = append(gaps, "What", w.page.Head)
		if m.State == models.Waiting {
			w.page.Body = w.T("mail.changed.body-waiting")
		}
		if m.State == models.Held {
			w.page.Body = w.T("mail.changed.body-confirm")
		}
	}
	w.page.Subject = locale.Plain(w.T(key+".subject"+form, gaps...))
}

// bornOn reports whether the mail was born on the day of a moment.
func (w *writer) bornOn(t time.Time) bool {
	return w.Mail.Born.In(w.zone).Format(time.DateOnly) == t.In(w.zone).Format(time.DateOnly)
}

// longestTail is how much of a title, in characters, stands in a subject: more
// is cut off by every program that shows it.
const longestTail = 80

// changed is what has changed, as the keys name it.
func (w *writer) changed() string {
	is, was := w.Mail.Is, w.Mail.Was
	moved, placed := w.when(is) != w.when(was), is.Place != was.Place
	switch {
	case moved && placed && !was.Veiled: // a place she was never told is not a new one
		return "time-place"
	case moved:
		return "time"
	case placed:
		return "place"
	case is.OnlineURL != was.OnlineURL:
		return "online"
	}
	return "on"
}

func (w *writer) when(f models.Facts) string {
	zone := w.zone // loading one reads a file, and an event hardly ever moves to another
	if f.TimeZone != w.Mail.Is.TimeZone {
		zone = models.Zone(f.TimeZone)
	}
	return w.When(f.Starts.In(zone), f.Ends.In(zone), f.DateOnly)
}

// moment is a deadline with its day.
func (w *writer) moment(t time.Time) string { return w.When(t.In(w.zone), time.Time{}, false) }

// by is a deadline for a subject: the hour alone when it is on the day on which
// the mail is written.
func (w *writer) by(t time.Time) string {
	if w.bornOn(t) {
		return w.Time(t.In(w.zone))
	}
	return w.moment(t)
}

// fact adds what is said under a label, unless that is nothing.
func (w *writer) fact(label, value string) {
	if value != "" {
		w.page.Facts = append(w.page.Facts, fact{Label: w.T("mail.label." + label), Value: value})
	}
}

// theirs is a line that somebody else wrote.
func (w *writer) theirs(text string) string { return w.Isolate(oneLine(text)) }

// facts lists what one needs to know, what is new beside what it was.
func (w *writer) facts() {
	m, is, was := w.Mail, w.Mail.Is, w.Mail.Was
	compare := m.Kind == models.MailChanged
	row := func(label, now, before string) {
		if !compare || now == before || was.Veiled && before == "" {
			w.fact(label, now)
			return
		}
		if now == "" {
			now = w.T("mail.nowhere")
		}
		w.fact("new-"+label, now)
		w.fact("before", before)
	}
	switch m.Kind {
	case models.MailCancelled, models.MailPostponed:
		w.fact("planned", w.when(is))
	default:
		row("when", w.when(is), w.when(was))
	}
	row("where", w.theirs(is.Place), w.theirs(was.Place))
	w.later()
	if m.State.Coming() && is.Status != models.Cancelled {
		from := len(w.page.Facts)
		row("online", oneLine(is.OnlineURL), oneLine(was.OnlineURL))
		for i := range w.page.Facts[from:] {
			f := &w.page.Facts[from+i]
			f.Link = strings.HasPrefix(f.Value, "https://") || strings.HasPrefix(f.Value, "http://")
		}
	}
	w.fact("host", w.List(w.hosts()))
	if m.State.Coming() {
		w.fact("party", w.T("mail.people", "Count", m.Party))
	}
	c := m.About.Contact
	w.fact("contact", w.Isolate(joined(c.Name, c.Phone, c.Email)))
}

// later says when she is told where a protected event is.
func (w *writer) later() {
	m := w.Mail
	if !m.Is.Veiled || m.Is.Status != models.Published || !m.State.Coming() {
		return
	}
	key := "mail.place.later"
	if m.State != models.Going {
		key = "mail.place.confirmed"
	}
	w.fact("where", w.T(key, "When", w.moment(m.Is.PlaceFrom)))
}

func (w *writer) hosts() []string {
	var names []string
	for _, name := range w.Mail.About.Hosts {
		if name = oneLine(name); name != "" {
			names = append(names, name)
		}
	}
	return names
}

// reason is what the organiser says about a change, in her own words.
func (w *writer) reason() {
	said := w.Parting
	switch w.Mail.Kind {
	case models.MailCancelled, models.MailPostponed, models.MailChanged, models.MailTogether:
		said = w.Mail.About.Reason
	}
	w.words(w.T("mail.reason"), said)
}

// words are what somebody wrote with it.
func (w *writer) words(lead, said string) {
	for line := range strings.Lines(said) {
		if line = oneLine(line); line != "" {
			w.page.Reason = append(w.page.Reason, line)
		}
	}
	if len(w.page.Reason) > 0 {
		w.page.ReasonLead = lead
	}
}

func (w *writer) links() {
	label := "mail.manage"
	if own := "mail." + string(w.Mail.Kind) + ".action"; w.Has(own) {
		label = own
	}
	w.page.Actions = []link{{w.T(label), w.manage(), w.Mail.Kind.Asks()}}
	if w.Mail.Kind == models.MailReminder {
		w.page.Actions = append(w.page.Actions, link{w.T("mail.reminder.regret"), w.manage() + "#regrets", true})
		w.page.Notes = append(w.page.Notes, w.T("mail.reminder.quiet"))
	}
	w.page.Actions = append(w.page.Actions, link{w.T("mail.not-me"), w.manage() + "?was=not-me#not-me", false})
	if w.Last {
		w.page.Notes = append(w.page.Notes, w.T("mail.last", "Number", models.MailsADay))
	}
}

func (w *writer) footer() {
	hosts := w.List(w.hosts())
	w.page.Footer = []string{w.T("mail.footer-for", "House", w.House.Name, "Hosts", hosts)}
	if hosts == "" {
		w.page.Footer[0] = w.T("mail.footer", "House", w.House.Name)
	}
	if plainAddress(w.Mail.About.ReplyTo) {
		w.page.Footer = append(w.page.Footer, w.T("mail.footer-reply"))
	}
	if !w.Mail.State.Coming() {
		return
	}
	readers := w.hosts()
	if central := oneLine(cmp.Or(w.House.Central, w.T("mail.central"))); !slices.Contains(readers, central) {
		readers = append(readers, central)
	}
	w.page.Footer = append(w.page.Footer, w.T("mail.footer-who", "Readers", w.List(readers)))
}

func (w *writer) signIn() {
	code := w.House.Code(SignInPurpose, w.Mail.SignIn)
	if len(code) == 6 {
		code = code[:3] + " " + code[3:]
	}
	hours := int(math.Ceil(w.Mail.Until.Sub(w.Mail.Born).Hours()))
	w.page.Subject = w.T("mail.sign-in.subject", "Code", code)
	w.page.Head = w.T("mail.sign-in.head")
	w.page.Body = w.T("mail.sign-in.body")
	w.page.Facts = []fact{{Label: w.T("mail.label.code"), Value: w.theirs(code), Large: true}}
	w.page.Preview = w.page.Body
	w.page.Actions = []link{{w.T("mail.sign-in.action"), w.signInURL(), true}}
	if hours > 0 {
		w.page.Notes = append(w.page.Notes, w.T("mail.sign-in.hours", "Count", hours))
	}
	w.page.Notes = append(w.page.Notes, w.T("mail.sign-in.not-me"))
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

// oneLine is a text without line breaks, other control characters, and the
// marks that turn the direction of writing round for what follows.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r), r == '\u2028', r == '\u2029':
			return ' '
		case r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069', r == unicode.ReplacementChar:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// clip shortens a text to so many characters.
func clip(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}

func joined(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p = oneLine(p); p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ", ")
}
