package ics

import (
	"strconv"
	"strings"
	"time"

	"samling/locale"
	"samling/models"
)

// words are the phrases of one language, looked up once: a feed has a thousand
// events, and each needs twenty of them.
type words struct {
	*locale.Printer
	language string
	site     string // what the addresses of pages begin with
	kinds    map[models.Kind]string
	phrases  map[string]string
	// What stands before and after the gap of a sentence.
	signUpBy, price, textIn [2]string
}

// The phrases without gaps, as they stand behind "calendar." in the translations.
func phrases() []string {
	return []string{
		"cancelled", "postponed", "new-time", "new-place", "new-time-and-place", "is-cancelled", "is-postponed", "preliminary", "members",
		"programme", "preliminary-programme", "about", "host", "together-with", "access",
		"step-free", "no-step-free", "toilet", "no-toilet", "hearing-loop", "no-hearing-loop",
		"free", "food", "children", "indoors", "outdoors", "spoken", "interpreted",
		"sign-up", "just-come", "read-more", "online", "contact", "place-later",
	}
}

func newWords(p *locale.Printer, site string) *words {
	w := &words{Printer: p, language: p.Language(), site: site, kinds: map[models.Kind]string{}, phrases: map[string]string{}}
	around := func(key, gap string) [2]string {
		const here = "\uFFFC" // which nobody writes, and no language isolates
		before, after, _ := strings.Cut(p.T(key, gap, here), here)
		return [2]string{before, after}
	}
	w.signUpBy, w.price, w.textIn = around("calendar.sign-up-by", "Day"), around("calendar.price", "Price"), around("calendar.text-in", "Language")
	for _, k := range models.Kinds() {
		w.kinds[k] = p.T("kind." + string(k))
	}
	for _, key := range phrases() {
		w.phrases[key] = p.T("calendar." + key)
	}
	return w
}

func (e *Encoder) wordsIn(language string) *words {
	if w := e.words[language]; w != nil {
		return w
	}
	return e.fallback
}

// mark is the phrase before a title that says what has become of the event; empty:
// nothing that must be seen at once.
func (w *words) mark(s models.Status, marks models.Marks) string {
	switch {
	case s == models.Cancelled:
		return w.phrases["cancelled"]
	case s == models.Postponed:
		return w.phrases["postponed"]
	case marks.Time && marks.Place:
		return w.phrases["new-time-and-place"]
	case marks.Time:
		return w.phrases["new-time"]
	case marks.Place:
		return w.phrases["new-place"]
	}
	return ""
}

// describe is everything that somebody who has only her calendar at hand should
// know, as plain text: few programs show anything else. shown is the language of
// the text.
func (w *words) describe(p *prose, item Item, text models.Text, shown, page string, loc *time.Location) {
	ev := item.Event
	w.off(p, ev.Status, ev.Reason)
	p.paragraph()
	if ev.Preliminary {
		p.say(w.phrases["preliminary"])
		p.line()
	}
	if ev.Audience == models.Members {
		p.say(w.phrases["members"])
	}
	p.paragraph()
	p.written(text.Summary)
	p.paragraph()
	p.markdown(text.Description)
	p.paragraph()
	w.programme(p, ev, loc)
	p.paragraph()
	p.list(w.Printer, w.phrases["host"], item.Hosts)
	p.list(w.Printer, w.phrases["together-with"], ev.Partners)
	w.access(p, ev.Access)
	w.languages(p, "spoken", ev.Spoken)
	w.languages(p, "interpreted", ev.Interpreted)
	w.goodToKnow(p, ev)
	p.label(w.phrases["online"], ev.OnlineURL)
	w.contact(p, ev.Contact)
	p.paragraph()
	if shown != w.language {
		p.say(w.textIn[0], w.languageName(shown), w.textIn[1])
	}
	p.paragraph()
	w.signUp(p, ev, page, loc)
}

// off says that an event is off, and why.
func (w *words) off(p *prose, status models.Status, reason string) {
	switch status {
	case models.Cancelled:
		p.say(w.phrases["is-cancelled"])
	case models.Postponed:
		p.say(w.phrases["is-postponed"])
	default:
		return
	}
	if reason != "" {
		p.say(" ", w.Isolate(reason))
	}
}

func (w *words) programme(p *prose, ev *models.Event, loc *time.Location) {
	if len(ev.Programme) == 0 {
		return
	}
	heading := w.phrases["programme"]
	if ev.Preliminary {
		heading = w.phrases["preliminary-programme"]
	}
	p.say(heading, ":")
	day := ev.Starts.In(loc).YearDay()
	for _, item := range ev.Programme {
		p.line()
		if !item.Time.IsZero() {
			t := item.Time.In(loc)
			if item.Approximate {
				p.say(w.phrases["about"], " ")
			}
			if d := t.YearDay(); d != day {
				day = d
				p.day(w.Printer, t)
				p.say(" ")
			}
			p.clock(w.Printer, t)
			p.say(" ")
		}
		p.say(item.Title)
		for _, s := range [...]string{item.Speaker, item.Place} {
			if s != "" {
				p.say(", ", s)
			}
		}
	}
}

// access says what is known, "no" included; what is unknown is not said.
func (w *words) access(p *prose, a models.Access) {
	fact := func(is *bool, phrase string) string {
		switch {
		case is == nil:
			return ""
		case *is:
			return w.phrases[phrase]
		}
		return w.phrases["no-"+phrase]
	}
	facts := [...]string{fact(a.StepFree, "step-free"), fact(a.Toilet, "toilet"), fact(a.HearingLoop, "hearing-loop")}
	p.label(w.phrases["access"], facts[:]...)
	switch known := facts != [3]string{}; {
	case a.Notes == "":
	case known:
		p.say(". ", a.Notes)
	default:
		p.label(w.phrases["access"], a.Notes)
	}
}

// goodToKnow is what makes it easier to come.
func (w *words) goodToKnow(p *prose, ev *models.Event) {
	p.line()
	between := ""
	say := func(parts ...string) {
		p.say(between)
		p.say(parts...)
		between = " "
	}
	switch {
	case ev.Price == nil:
	case *ev.Price == 0:
		say(w.phrases["free"])
	default:
		say(w.price[0], strconv.Itoa(*ev.Price), w.price[1])
	}
	if ev.Food != nil && *ev.Food {
		say(w.phrases["food"])
	}
	if ev.Children != nil && *ev.Children {
		say(w.phrases["children"])
	}
	switch {
	case ev.Indoors == nil:
	case *ev.Indoors:
		say(w.phrases["indoors"])
	default:
		say(w.phrases["outdoors"])
	}
}

// signUp says whether to sign up or just come, and where to read more.
func (w *words) signUp(p *prose, ev *models.Event, page string, loc *time.Location) {
	switch {
	case ev.Status == models.Cancelled || ev.Status == models.Postponed:
		p.say(w.phrases["read-more"], ": ", page)
	case !ev.SignUp.Needed:
		p.say(w.phrases["just-come"])
		p.line()
		p.say(w.phrases["read-more"], ": ", page)
	case ev.SignUp.Closes.IsZero():
		p.say(w.phrases["sign-up"], ": ", page)
	default:
		p.say(w.signUpBy[0])
		// Midnight belongs to the day before.
		p.day(w.Printer, ev.SignUp.Closes.In(loc).Add(-time.Second))
		p.say(w.signUpBy[1], ": ", page)
	}
}

// contact says whom to ask. A telephone number would be turned round in Arabic;
// an address is left to be found by programs, which might take a mark for its end.
func (w *words) contact(p *prose, c models.Contact) {
	p.label(w.phrases["contact"], w.Isolate(c.Name), w.Isolate(c.Phone), c.Email)
}

// languages says the languages of that phrase.
func (w *words) languages(p *prose, phrase string, tags []string) {
	if len(tags) == 0 {
		return
	}
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = w.languageName(tag)
	}
	p.list(w.Printer, w.phrases[phrase], names)
}

// languageName is a language's name, or its tag when we have no word for it.
func (w *words) languageName(tag string) string {
	if key := "language." + tag; w.Has(key) {
		return w.T(key)
	}
	return tag
}
