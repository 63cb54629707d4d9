package handlers

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// eventPage is the page of one event.
type eventPage struct {
	Kind, Audience  string
	Members         bool   // it is for them alone
	Title, Language string // its language, when it is another than the page's
	Summary         string
	Description     template.HTML
	Original        string // the language of both, when it is another than the page's
	OnlyIn          string // the same in a sentence
	House           string // the language of what is never translated, when it is another than the page's
	// Off is what must be seen first: that it is cancelled or postponed.
	Off, Reason  string
	When, Starts string
	Near         string // how far off that is
	// WasAt and WasIn are what it said before it moved; empty: the same.
	WasAt, WasIn moved
	NoHours      bool
	Preliminary  bool
	Over         bool
	Came         string // how many, if the host says so
	Place        models.Place
	PlaceLater   string // when one is told the place of a protected event
	Maps         []link
	Online       string
	Access       []string
	AccessNotes  string
	Host         []link
	CoHosts      []link
	Partners     string
	Groups       []link
	District     link
	Rain         string
	WholeDay     string   // address of the page of a first of May
	Good         []string // what it costs, food, children, in or out of doors
	Spoken       string
	Interpreted  string
	Contact      contact
	Programme    []programmeItem
	Parent       link
	List         link // behind a members' link: all that it shows
	Parts        days
	Others       []link // days of its series
	Calendar     string
	Open         bool // one can sign up now
	Door         door
	Form         *askForm // nil: nobody can sign up now
	Share        *sharing // nil: it is not to be carried further
	Picture      string   // for whoever shows a link to it
	Photo        *shownPhoto
	Data         map[string]any
}

type link struct{ Name, Href string }

// moved is what is new of an event, and what it said before.
type moved struct{ Mark, Word, Before string }

type contact struct {
	Name, Phone, Email string
	Call               template.URL
}

type programmeItem struct {
	Clock, Title, Speaker, Place string
	About                        bool
}

// door says how one gets in.
type door struct {
	Say  string // in a sentence
	By   string // until when one can sign up
	Full bool
	Few  bool
}

// eventPage is GET /events/{slug}, and the same behind a members' link.
func (s *Server) eventPage(c *fiber.Ctx) error {
	p, v := s.pageWords(c), viewOf(c)
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	return s.keptPage(c, "event", v.event(l.Slug), func(m moment) (page, error) {
		m.view = v
		// It may have been hidden since.
		l, err := v.find(m.catalogue, l.Slug)
		if err != nil {
			return page{}, err
		}
		return s.drawEvent(c, p, m, l, nil)
	})
}

// drawEvent draws the page of an event. typed is the form that somebody sent and
// that could not be taken; nil: an empty one.
func (s *Server) drawEvent(c *fiber.Ctx, p *locale.Printer, m moment, l *planner.Listed, typed *askForm) (page, error) {
	l, err := s.Planner.Whole(c.UserContext(), l)
	if err != nil {
		return page{}, err
	}
	e := l.Event
	text, language := e.In(p.Language(), s.Language)
	original := ""
	if text.Summary == "" && text.Description == "" && language != s.Language {
		// Only the title was translated; what it is about is better in another
		// language than not at all.
		text.Summary, text.Description, original = e.Summary, e.Description, s.Language
	} else {
		original = foreign(p, language)
	}
	zone := e.Location()
	prefix := s.prefix(p.Language())
	body := eventPage{
		House: foreign(p, s.Language), Kind: p.T("kind." + string(e.Kind)), Audience: p.T("audience." + string(e.Audience)), Members: e.Audience == models.Members,
		Title: text.Title, Language: foreign(p, language), Summary: text.Summary, Description: markdown(text.Description),
		When: when(p, e, m.now), Near: near(p, m, e), Starts: e.Starts.In(zone).Format(time.RFC3339), NoHours: e.DateOnly, Preliminary: e.Preliminary,
		Over: !m.now.Before(e.Ends), Place: e.Place, Maps: mapsOf(e.Place), Online: e.OnlineURL,
		Access: access(p, e.Access), AccessNotes: e.Access.Notes,
		Host: s.hostLinks(p, m.catalogue, []string{e.Host}), CoHosts: s.hostLinks(p, m.catalogue, e.CoHosts),
		Partners: p.List(e.Partners), Groups: s.hostLinks(p, m.catalogue, e.Groups),
		Good: good(p, e), Rain: e.Rain, Spoken: languages(p, e.Spoken), Interpreted: languages(p, e.Interpreted),
		Contact: contactOf(e.Contact), Programme: programme(p, e),
		Parts:    s.parts(c, p, m, e.Slug),
		Others:   s.otherDays(p, m, e),
		Calendar: m.view.event(e.Slug) + ".ics", Photo: photoOf(e),
	}
	if p.Language() != s.Language {
		body.Calendar += "?lang=" + p.Language()
	}
	if body.Original = original; original != "" && text.Summary+text.Description != "" {
		body.OnlyIn = p.T("calendar.text-in", "Language", languages(p, []string{original}))
	}
	if e.Closing.Shown {
		body.Came = p.T("event.came", "Count", e.Closing.Came)
	}
	if e.DateOnly {
		body.Starts = e.Starts.In(zone).Format(time.DateOnly)
	}
	if e.Status == models.Cancelled || e.Status == models.Postponed {
		body.Off, body.Reason = p.T("event.off."+string(e.Status)), e.Reason
	}
	body.WasAt, body.WasIn = was(p, m, e)
	if e.SignUp.Protected {
		body.PlaceLater = p.T("event.place-later", "When", clock(p, e.PlaceFrom(), zone))
	}
	if d, err := m.catalogue.District(e.District); err == nil {
		body.District = link{d.In(p.Language()), prefix + "/districts/" + d.ID}
	}
	if parent, err := m.view.find(m.catalogue, e.Parent); err == nil {
		words, _ := parent.In(p.Language(), s.Language)
		body.Parent = link{words.Title, prefix + m.view.event(parent.Slug)}
	}
	seats := s.seats(c, m, e)
	body.Open, body.Door = seats != models.SeatsClosed, s.doorOf(p, m, e, seats)
	pg := s.newPage(p, m.view.event(e.Slug), text.Title, nil)
	if body.Open || typed != nil {
		body.Form = s.form(p, m, e, body.Door.Full, typed)
		pg.Stamp = body.Form.Stamp
		if body.Form.Failed() {
			pg.Result = cmp.Or(body.Form.Refused, p.T("page.wrong-title"))
		}
	}
	pg.Summary, pg.Feed = text.Summary, body.Calendar
	if pg.Hidden = m.view.pass != nil; !pg.Hidden {
		pg.Canonical = s.Site + prefix + m.view.event(e.Slug)
		body.Share, body.Picture = s.sharing(p, e), s.Site+s.picturePath(p, m, e, "wide")
		if d, err := s.mayDayOf(m.catalogue, e.Starts.In(s.zone).Year()); err == nil && (d.ID == e.ID || d.Slug == e.Parent) {
			body.WholeDay = prefix + "/may-day/" + strconv.Itoa(d.Starts.In(s.zone).Year())
		}
		body.Data = s.eventData(p, m, e, text, seats, pg.Canonical, body.Picture)
	} else if m.view.pass.Event == "" {
		body.List = link{s.Planner.Catalogue().HostName(m.view.pass.Association, p.Language()), prefix + m.view.at}
	}
	pg.Body = body
	return pg, nil
}

// doorOf says how one gets in at this moment.
func (s *Server) doorOf(p *locale.Printer, m moment, e *models.Event, seats models.Seats) door {
	zone := e.Location()
	day := func(t time.Time) string { return clock(p, t, zone) }
	switch code := e.Facts().Refusal(m.now); code {
	case "":
		d := door{Full: seats == models.SeatsFull, Few: seats == models.SeatsFew, Say: p.T("event.sign-up")}
		if d.Full || d.Few {
			d.Say = p.T("seats." + string(seats))
		}
		if !e.SignUp.Closes.IsZero() && e.SignUp.Closes.Before(e.Starts) {
			d.By = p.T("event.sign-up-by", "Day", day(e.SignUp.Closes))
		}
		return d
	case models.CodeNotOpenYet:
		return door{Say: p.T("event.opens", "Day", day(e.SignUp.Opens))}
	case models.CodeNoSignUp:
		if !m.now.Before(e.Ends) {
			return door{Say: p.T("event.over")}
		}
		return door{Say: p.T("event.just-come")}
	case models.CodePast:
		if m.now.Before(e.Ends) {
			return door{Say: p.T("event.begun")}
		}
		return door{Say: p.T("event.over")}
	case models.CodeClosed:
		return door{Say: p.T("event.closed")}
	case models.CodePaused:
		return door{Say: p.T("event.paused")}
	}
	return door{} // what is off is said at the top
}

func (s *Server) hostLinks(p *locale.Printer, c *planner.Catalogue, slugs []string) []link {
	var out []link
	for _, slug := range slugs {
		room := "/associations/"
		if _, err := c.Group(slug); err == nil {
			room = "/groups/"
		}
		out = append(out, link{c.HostName(slug, p.Language()), s.prefix(p.Language()) + room + slug})
	}
	return out
}

// parts are what a May Day consists of, as far as it may be seen.
func (s *Server) parts(c *fiber.Ctx, p *locale.Printer, m moment, slug string) days {
	parts := slices.DeleteFunc(m.catalogue.Parts(slug), func(l *planner.Listed) bool { return !m.view.pass.MaySee(l.Event) })
	return s.rows(c, p, m, time.Time{}, parts)
}

func programme(p *locale.Printer, e *models.Event) []programmeItem {
	var out []programmeItem
	for _, i := range e.Programme {
		item := programmeItem{Title: i.Title, Speaker: i.Speaker, Place: i.Place, About: i.Approximate}
		if !i.Time.IsZero() {
			item.Clock = p.Time(i.Time.In(e.Location()))
		}
		out = append(out, item)
	}
	return out
}

// good is what makes somebody come or stay at home beside the subject.
func good(p *locale.Printer, e *models.Event) []string {
	var out []string
	if e.Price != nil && *e.Price == 0 {
		out = append(out, p.T("calendar.free"))
	} else if e.Price != nil {
		out = append(out, p.T("calendar.price", "Price", *e.Price))
	}
	is := func(b *bool, yes, no string) {
		switch {
		case b != nil && *b:
			out = append(out, p.T(yes))
		case b != nil && no != "":
			out = append(out, p.T(no))
		}
	}
	is(e.Food, "calendar.food", "")
	is(e.Children, "calendar.children", "event.no-children")
	is(e.Indoors, "calendar.indoors", "calendar.outdoors")
	return out
}

// languages are their names in a list, the tag where we know no name.
func languages(p *locale.Printer, tags []string) string {
	var names []string
	for _, tag := range tags {
		name := tag
		if key := "language." + tag; p.Has(key) {
			name = p.T(key)
		}
		names = append(names, name)
	}
	return p.List(names)
}

func contactOf(c models.Contact) contact {
	out := contact{Name: c.Name, Phone: c.Phone, Email: c.Email}
	number := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' || r == '+' {
			return r
		}
		return -1
	}, c.Phone)
	if len(number) > 2 {
		out.Call = template.URL("tel:" + number) //nolint:gosec // digits alone
	}
	return out
}
