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
	kinds    map[models.Kind]string
	phrases  map[string]string
	signUpBy string // with gap where the day goes
}

// gap stands in a phrase for what is filled in later, thousands of times.
const gap = "\uE000"

// The phrases without gaps, as they stand behind "calendar." in the translations.
func phrases() []string {
	return []string{
		"cancelled", "postponed", "new-time", "new-place", "new-time-and-place", "is-cancelled", "is-postponed", "preliminary", "members",
		"programme", "preliminary-programme", "about", "host", "together-with", "access",
		"step-free", "no-step-free", "toilet", "no-toilet", "hearing-loop", "no-hearing-loop",
		"free", "food", "children", "indoors", "outdoors", "spoken", "interpreted",
		"sign-up", "just-come", "read-more", "online", "contact",
	}
}

func newWords(p *locale.Printer) *words {
	w := &words{Printer: p, language: p.Language(), kinds: map[models.Kind]string{}, phrases: map[string]string{}}
	w.signUpBy = p.T("calendar.sign-up-by", "Day", gap)
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

// marked is a title that says for itself what has become of the event.
func (w *words) marked(s models.Status, marks models.Marks, title string) string {
	title = line(title, len(title))
	mark := ""
	switch {
	case s == models.Cancelled:
		mark = "cancelled"
	case s == models.Postponed:
		mark = "postponed"
	case marks.Time && marks.Place:
		mark = "new-time-and-place"
	case marks.Time:
		mark = "new-time"
	case marks.Place:
		mark = "new-place"
	default:
		return title
	}
	return w.phrases[mark] + ": " + title
}

// paragraphs collects paragraphs of lines.
type paragraphs struct{ strings.Builder }

// paragraph adds a paragraph; an empty one is left out.
func (p *paragraphs) paragraph(s string) {
	if s = strings.TrimSpace(s); s == "" {
		return
	}
	if p.Len() > 0 {
		p.WriteString("\n\n")
	}
	p.WriteString(s)
}

// lines adds a paragraph of those lines that are not empty.
func (p *paragraphs) lines(lines ...string) {
	var b strings.Builder
	for _, l := range lines {
		if l != "" {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	p.paragraph(b.String())
}

// describe is everything that somebody who has only her calendar at hand should
// know, as plain text: few programs show anything else. note is about the
// language of the text.
func (w *words) describe(item Item, text models.Text, note, page string, loc *time.Location) string {
	ev := item.Event
	var p paragraphs
	p.Grow(1 << 10)
	switch ev.Status {
	case models.Cancelled:
		p.paragraph(w.phrases["is-cancelled"] + " " + ev.Reason)
	case models.Postponed:
		p.paragraph(w.phrases["is-postponed"] + " " + ev.Reason)
	}
	var preliminary, members string
	if ev.Preliminary {
		preliminary = w.phrases["preliminary"]
	}
	if ev.Audience == models.Members {
		members = w.phrases["members"]
	}
	p.lines(preliminary, members)
	p.paragraph(text.Summary)
	p.paragraph(plain(text.Description))
	p.paragraph(w.programme(ev, loc))
	p.lines(
		w.labelled("host", w.List(item.Hosts)),
		w.labelled("together-with", w.List(ev.Partners)),
		w.labelled("access", w.access(ev.Access)),
		w.labelled("spoken", w.languages(ev.Spoken)),
		w.labelled("interpreted", w.languages(ev.Interpreted)),
		w.goodToKnow(ev),
		w.labelled("online", ev.OnlineURL),
		w.labelled("contact", joined(ev.Contact.Name, ev.Contact.Phone, ev.Contact.Email)),
	)
	p.paragraph(note)
	p.lines(w.signUp(ev, page, loc)...)
	return p.String()
}

// textIn notes that a text is not in the language that was asked for.
func (w *words) textIn(shown, asked string) string {
	if shown == asked {
		return ""
	}
	return w.T("calendar.text-in", "Language", w.languageName(shown))
}

func (w *words) labelled(phrase, value string) string {
	if value == "" {
		return ""
	}
	return w.phrases[phrase] + ": " + value
}

func (w *words) programme(ev *models.Event, loc *time.Location) string {
	if len(ev.Programme) == 0 {
		return ""
	}
	heading := w.phrases["programme"]
	if ev.Preliminary {
		heading = w.phrases["preliminary-programme"]
	}
	var b strings.Builder
	b.WriteString(heading + ":")
	day := ev.Starts.In(loc).Format(dateForm)
	for _, item := range ev.Programme {
		b.WriteByte('\n')
		if !item.Time.IsZero() {
			t := item.Time.In(loc)
			if item.Approximate {
				b.WriteString(w.phrases["about"] + " ")
			}
			if d := t.Format(dateForm); d != day {
				day = d
				b.WriteString(w.Day(t) + " ")
			}
			b.WriteString(w.Time(t) + " ")
		}
		b.WriteString(joined(item.Title, item.Speaker, item.Place))
	}
	return b.String()
}

// access says what is known, "no" included; what is unknown is not said.
func (w *words) access(a models.Access) string {
	say := func(is *bool, phrase string) string {
		switch {
		case is == nil:
			return ""
		case *is:
			return w.phrases[phrase]
		}
		return w.phrases["no-"+phrase]
	}
	facts := joined(say(a.StepFree, "step-free"), say(a.Toilet, "toilet"), say(a.HearingLoop, "hearing-loop"))
	if facts != "" && a.Notes != "" {
		return facts + ". " + a.Notes
	}
	return facts + a.Notes
}

// goodToKnow is what makes it easier to come.
func (w *words) goodToKnow(ev *models.Event) string {
	var out []string
	if ev.Price != nil && *ev.Price == 0 {
		out = append(out, w.phrases["free"])
	} else if ev.Price != nil {
		out = append(out, w.T("calendar.price", "Price", strconv.Itoa(*ev.Price)))
	}
	if ev.Food != nil && *ev.Food {
		out = append(out, w.phrases["food"])
	}
	if ev.Children != nil && *ev.Children {
		out = append(out, w.phrases["children"])
	}
	if ev.Indoors != nil && *ev.Indoors {
		out = append(out, w.phrases["indoors"])
	} else if ev.Indoors != nil {
		out = append(out, w.phrases["outdoors"])
	}
	return strings.Join(out, " ")
}

// signUp says whether to sign up or just come, and where to read more.
func (w *words) signUp(ev *models.Event, page string, loc *time.Location) []string {
	switch {
	case ev.Status == models.Cancelled || ev.Status == models.Postponed:
		return []string{w.labelled("read-more", page)}
	case !ev.SignUp.Needed:
		return []string{w.phrases["just-come"], w.labelled("read-more", page)}
	case ev.SignUp.Closes.IsZero():
		return []string{w.labelled("sign-up", page)}
	}
	by := strings.Replace(w.signUpBy, gap, w.lastDay(ev.SignUp.Closes.In(loc)), 1)
	return []string{by + ": " + page}
}

// lastDay is the last day of something that ends at a time: midnight belongs to
// the day before.
func (w *words) lastDay(t time.Time) string { return w.Day(t.Add(-time.Second)) }

func (w *words) languages(tags []string) string {
	names := make([]string, len(tags))
	for i, tag := range tags {
		names[i] = w.languageName(tag)
	}
	return w.List(names)
}

// languageName is a language's name, or its tag when we have no word for it.
func (w *words) languageName(tag string) string {
	if key := "language." + tag; w.Has(key) {
		return w.T(key)
	}
	return tag
}

// joined are those texts that are not empty, with commas between them.
func joined(texts ...string) string {
	out := texts[:0:0]
	for _, s := range texts {
		if s != "" {
			out = append(out, s)
		}
	}
	return strings.Join(out, ", ")
}
