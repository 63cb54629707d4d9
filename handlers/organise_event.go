package handlers

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// editPage is the form of an event.
type editPage struct {
	Desk     desk
	Here     string // where the form posts to
	Event    string // address of the event's pages; empty: it is new
	Public   string // address of its page; empty: it has none yet
	Again    string // address of the form of another one like it; empty: it is only begun, or new
	Share    string // where texts and pictures of it are; empty: it is not to be carried further
	Status   models.Status
	Seen     string // the state of the event that the form began with
	New      string // the id that a new event will have
	Sections []*section
	Wrong    []complaint
	Said     string
	Changes  []change // what somebody else saved meanwhile
	Told     int      // how many get a mail when time or place changes
	Follows  *followed
	Scopes   []choice // how much of its series the change can be for
	Keep     string   // where it is kept as a template; empty: it is new
	Script   string
	Venues   []offeredVenue
	Fills    string   // address of the script that fills in what is known of one
	Zone     string   // in which its hours are read
	Kept     string   // when a draft was kept last; empty: never
	Later    *section // when a draft publishes itself; nil: it is none
	// Publishes says when it does, By whose draft it is, and Helping that she asked
	// the central office for help; empty: nothing.
	Publishes, By, Helping string
	Approval               approval
	Part                   *partNote // nil: it is a part of nothing
}

// newEvent is GET /organise/events/new: first the kind, then its form.
func (s *Server) newEvent(c *fiber.Ctx) error {
	p := s.pageWords(c)
	if from := c.Query("from"); from != "" {
		return s.againOf(c, from)
	}
	if template := c.Query("template"); template != "" {
		return s.fromStarter(c, template)
	}
	kind := models.Kind(c.Query("kind"))
	if !kind.Known() {
		body := struct {
			Desk                  desk
			Kinds, Starters, Last []choice
		}{Desk: s.desk(c, "new")}
		kept, err := s.Planner.Starters(c.UserContext(), by(c))
		if err != nil {
			return err
		}
		for i := range kept {
			row := s.starterRow(c, p, &kept[i])
			body.Starters = append(body.Starters, choice{Value: row.Href, Label: row.Name})
		}
		body.Last = s.likeLastTime(p, by(c), body.Desk.Base)
		for _, k := range models.Kinds() {
			body.Kinds = append(body.Kinds, choice{Value: body.Desk.Base + "/events/new?kind=" + string(k), Label: p.T("kind." + string(k))})
		}
		return s.page(c, http.StatusOK, "organise-new", p, p.T("organise.menu.new"), body)
	}
	e := s.begun(p, by(c), kind)
	in := filledIn(p, &e, s.otherLanguages())
	in.undated()
	return s.editPage(c, http.StatusOK, &e, in, nil, editPage{})
}

// begun is an event as its kind suggests it.
func (s *Server) begun(p *locale.Printer, by *models.Organiser, kind models.Kind) models.Event {
	t := kind.Template()
	e := models.Event{Kind: kind, Audience: t.Audience, TimeZone: s.Zone, Capacity: t.Capacity, SignUp: models.SignUpRules{Needed: t.SignUp}}
	hosts := s.openHosts(p, by, "", "")
	for _, h := range hosts {
		if e.Host == "" || len(by.For) > 0 && h.Value == by.For[0] {
			e.Host = h.Value
		}
	}
	if a, err := s.Planner.Catalogue().Association(e.Host); err == nil {
		e.District = a.District
	}
	y, m, d := s.Now().In(s.zone).Date()
	e.Starts = time.Date(y, m, d, 0, 0, 0, 0, s.zone).Add(t.Starts)
	e.Ends = e.Starts.Add(t.Length)
	words := s.Words.In(s.Language) // the event's own texts are in the house's language
	for _, part := range t.Parts {
		e.Programme = append(e.Programme, models.Item{
			Time: e.Starts.Add(part.After), Approximate: part.After > 0, Title: words.T("programme." + part.Title),
		})
	}
	return e
}

// editEvent is GET /organise/events/{id}.
func (s *Server) editEvent(c *fiber.Ctx) error {
	e, err := s.editable(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	body := editPage{}
	body.Said = saidOf(c, p, "organise.done.", "saved", "postpone", "cancel", "later", "help", "helped", "asked", "stands", "out")
	in := filledIn(p, &e, s.otherLanguages())
	if e.Starts.IsZero() { // the hours of its kind, as in a new one
		begun := s.begun(p, by(c), e.Kind)
		writeSpan(p, in, &begun, e.Location())
		in.undated()
	}
	return s.editPage(c, http.StatusOK, &e, in, nil, body)
}

// editable is the event of the address, which she who asks may change.
func (s *Server) editable(c *fiber.Ctx) (models.Event, error) {
	return s.Planner.Editable(c.UserContext(), by(c), c.Params("event"))
}

// formAbout is the event that a form was sent about, and the form. The event is asked
// for first, so that nobody learns by a form of one that she may not see.
func (s *Server) formAbout(c *fiber.Ctx) (e models.Event, in form, err error) {
	if e, err = s.editable(c); err == nil {
		in, err = formOfRequest(c)
	}
	return e, in, err
}

// sentAbout is formAbout with the state of the event that the form began with.
func (s *Server) sentAbout(c *fiber.Ctx) (e models.Event, in form, seen time.Time, err error) {
	if e, in, err = s.formAbout(c); err != nil {
		return e, nil, seen, err
	}
	seen, ok := readSeen(in.get("seen"))
	if !ok {
		err = models.Fault(models.CodeMalformed)
	}
	return e, in, seen, err
}

func inputs(sections []*section) []input {
	var out []input
	for _, s := range sections {
		out = append(out, s.all()...)
	}
	return out
}

// reads is what a field says to people.
func (i input) reads(p *locale.Printer) string {
	switch i.Sort {
	case "one", "known", "many":
		var labels []string
		for _, c := range i.Choices {
			if c.Chosen {
				labels = append(labels, c.Label)
			}
		}
		return p.List(labels)
	case "box":
		if i.Value != "" {
			return p.T("organise.yes")
		}
		return p.T("organise.no")
	case "clock":
		if hour, ok := readClock(i.Value); ok {
			return strings.Replace(hour, ":", ".", 1)
		}
	}
	return i.Value
}

// editAgain shows the form with what is wrong with it, or passes on what the form
// can do nothing about.
func (s *Server) editAgain(c *fiber.Ctx, e *models.Event, in form, err error, body editPage) error {
	switch codeOf(err) {
	case models.CodeInvalid, models.CodePast, models.CodeNotPossible, models.CodeExists:
		return s.editPage(c, statusOf(codeOf(err)), e, in, err, body)
	}
	return err
}

func (s *Server) editPage(c *fiber.Ctx, status int, e *models.Event, in form, err error, body editPage) error {
	p := s.pageWords(c)
	body.Desk, body.Status, body.Zone = s.desk(c, "events"), e.Status, e.TimeZone
	body.Script, body.Fills = s.pages.named["writing.js"], s.pages.named["venues.js"]
	body.Here, body.Seen, body.New = body.Desk.Base+"/events", writeSeen(e.Updated), in.get("new")
	if body.New == "" {
		body.New = uuid.NewString()
	}
	title := p.T("organise.new-of", "Kind", p.T("kind."+string(e.Kind)))
	if e.ID == "" || e.Revision == "" && e.Status == models.Draft {
		body.Desk.At, body.Status = "new", models.Draft
		begun := *e
		begun.Status = models.Draft
		body.Approval = s.approvalOf(p, by(c), &begun)
	} else {
		body.Here += "/" + e.ID
		body.Desk = s.eventDesk(c, p, e, "event")
		body.Event, body.Scopes = body.Here, s.scopes(p, e, in.get("scope"))
		body.Keep = body.Desk.Base + "/templates?from=" + e.ID
		title = titled(p, e, e.Title)
		if e.Status == models.Draft {
			if err := s.aboutDraft(c, p, e, &body); err != nil {
				return err
			}
		}
		if !e.Sketch() {
			body.Again = body.Desk.Base + "/events/new?from=" + e.ID
		}
		if e.Status != models.Draft {
			body.Public = body.Desk.Public + s.ownPage(e)
		}
		if share := s.sharing(p, e); share != nil {
			body.Share = share.Page
		}
		body.Approval, body.Part = s.approvalOf(p, by(c), e), s.partNote(p, body.Event, e)
		var ferr error
		if body.Follows, ferr = s.followed(c, p, e); ferr != nil {
			return ferr
		}
		if e.Status == models.Published || e.Status == models.Postponed {
			var terr error
			if body.Told, terr = s.Planner.ToBeTold(c.UserContext(), e.ID); terr != nil {
				return terr
			}
		}
	}
	body.Sections, body.Wrong = s.sheet(p, by(c), e, in, err)
	var verr error
	if body.Venues, verr = s.offered(c, in.get("host")); verr != nil {
		return verr
	}
	if last := len(body.Sections) - 1; body.Status == models.Draft {
		body.Later, body.Sections = body.Sections[last], body.Sections[:last]
	}
	return s.page(c, status, "organise-event", p, title, body)
}

// writeSeen and readSeen are the state of an event as a form carries it. Nothing
// is never seen: a form without it could overwrite what nobody looked at.
func writeSeen(updated time.Time) string {
	if updated.IsZero() {
		return ""
	}
	return strconv.FormatInt(updated.UnixMilli(), 36)
}

func readSeen(text string) (time.Time, bool) {
	n, err := strconv.ParseInt(text, 36, 64)
	t := time.UnixMilli(n).UTC()
	return t, err == nil && !t.Equal(planner.Anyway)
}
