package handlers

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/google/uuid"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// doorPath is what the paths of doors begin with. Behind it stands the secret of a
// link, as behind that of members.
const doorPath = "/door/"

// doorPages are the pages of those who tick off at a door, in one language: they
// have a link and a code, and no account.
func (s *Server) doorPages(in fiber.Router) {
	in.Get("/door/worker.js", s.doorWorker)
	door := in.Group("/door/:secret", doorOnly)
	door.Get("", s.atDoorOrCode)
	door.Post("", s.openDoor)
	door.Get("/shell", s.doorShell)
	door.Get("/list", s.doorNames)
	door.Get("/counts", s.doorCounts)
	door.Post("/presses", s.takePresses)
}

// doorOnly keeps all that is behind a door's link out of caches, of search engines
// and of the Referer.
func doorOnly(c *fiber.Ctx) error {
	private(c)
	return c.Next()
}

// doorWorker is GET /door/worker.js: what lets the page open without coverage. It
// has a name that stands still, since browsers look there for a newer one, and it
// stands where it may answer for all doors.
func (s *Server) doorWorker(c *fiber.Ctx) error {
	f := s.pages.static[strings.TrimPrefix(s.pages.named["door-worker.js"], "/static/")]
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return send(c, f.media, f.bytes, false)
}

// doorCookie is the name of the cookie that a phone shows. The cookie is sent to one
// door alone, so that a phone may stand at several.
func (s *Server) doorCookie() string {
	if s.secure() {
		return "__Secure-samling-door"
	}
	return "samling-door"
}

// doorHere is the address of the door that was asked for.
func (s *Server) doorHere(c *fiber.Ctx) string { return s.here(c, doorPath+c.Params("secret")) }

// atDoor is the phone that asks. CodeNotSignedIn: it was not let in, or closed.
func (s *Server) atDoor(c *fiber.Ctx) (*planner.Doorway, error) {
	return s.Planner.AtDoor(c.UserContext(), c.Params("secret"), c.Cookies(s.doorCookie()))
}

// atDoorOrCode is GET /door/{secret}: the list for a phone that was let in, and the
// question for the code for others.
func (s *Server) atDoorOrCode(c *fiber.Ctx) error {
	at, err := s.atDoor(c)
	switch codeOf(err) {
	case "":
	case models.CodeNotSignedIn:
		return s.askCode(c, http.StatusOK, codePage{})
	case models.CodeNotFound:
		return s.doorGone(c, http.StatusNotFound, "gone")
	default:
		return err
	}
	rows, counts, version, err := s.Planner.DoorNames(c.UserContext(), at)
	if codeOf(err) == models.CodePast {
		return s.doorGone(c, statusOf(models.CodePast), "over")
	}
	if err != nil {
		return err
	}
	return s.sendDoor(c, at, s.doorList(c, at, rows, counts, version))
}

// doorGone is the page for a link that shows nothing any more.
func (s *Server) doorGone(c *fiber.Ctx, status int, why string) error {
	p := s.pageWords(c)
	pg := s.newPage(p, doorPath, p.T("door.shut."+why), errorBody{Text: p.T("door.why." + why)})
	pg.Hidden = true
	return s.sendPage(c, status, "error", pg)
}

// doorSheet is the page at the door. Without rows it is the shell that a phone keeps
// for when there is no coverage, and says nothing of the event.
type doorSheet struct {
	Here, Worker  string
	Styles        []string
	Scripts       []string
	Say           map[string]string // the sentences that the scripts say
	Shell         bool
	List          doorNamesJSON
	Expected      []doorRowJSON
	Others        []doorRowJSON
	Number, Seats string
	Blank         doorRowJSON
	WalkIn        string // a new id, so that a form that is sent twice counts once
	Walked        string // the id of walk-ins that were just counted, to be taken back
}

// doorNamesJSON is the list as the page's scripts get it.
type doorNamesJSON struct {
	doorCountsJSON
	Title    string        `json:"title"`
	When     string        `json:"when"`
	Phone    string        `json:"phone"`
	Reads    time.Time     `json:"reads"`  // until when the list may be read
	Writes   time.Time     `json:"writes"` // until when presses are taken
	Capacity int           `json:"capacity"`
	Rows     []doorRowJSON `json:"rows"`
}

// doorRowJSON is one sign-up.
type doorRowJSON struct {
	RSVP     string `json:"rsvp"`
	Name     string `json:"name"`
	Party    int    `json:"party"`
	Needs    bool   `json:"needs"`
	Expected bool   `json:"expected"`
	Here     int    `json:"-"`
}

// Together is the larger of those who signed up and those who are here: one alone
// needs no count.
func (r doorRowJSON) Together() int { return max(r.Party, r.Here) }

// doorRow is a row with what is around it.
type doorRow struct {
	Row         doorRowJSON
	Page        page
	Here        string // address of the door
	Party, Part string
}

// Of is a row as its template takes it.
func (b doorSheet) Of(pg page, r doorRowJSON) doorRow {
	return doorRow{
		Row: r, Page: pg, Here: b.Here,
		Party: fill(b.Say["party"], "n", r.Party), Part: fill(b.Say["part"], "here", r.Here, "of", r.Party),
	}
}

// Saying are the sentences as the page's scripts read them.
func (b doorSheet) Saying() (string, error) {
	out, err := json.Marshal(b.Say)
	return string(out), err
}

// Fewer and More are what the buttons of a party say that are pressed when it is not
// what was signed up.
func (r doorRowJSON) Fewer() int { return max(0, r.Here-1) }

// More is one more than are here.
func (r doorRowJSON) More() int { return r.Here + 1 }

// doorCountsJSON is what has been ticked off. Version is that of the list that it
// goes with.
type doorCountsJSON struct {
	Version string         `json:"version"`
	Now     time.Time      `json:"now"`
	Here    map[string]int `json:"here"`
	WalkIns int            `json:"walk_ins"`
}

// doorList is the list in the order in which one looks for a name.
func (s *Server) doorList(c *fiber.Ctx, at *planner.Doorway, rows []models.DoorRow, counts models.DoorCounts, version string) doorNamesJSON {
	p := s.pageWords(c)
	text, _ := at.Event.In(p.Language(), s.Language)
	list := doorNamesJSON{
		doorCountsJSON: doorCountsJSON{version, s.Now(), counts.Here, counts.WalkIns},
		Title:          text.Title, When: when(p, at.Event, s.Now()), Phone: s.phoneSaid(p, &at.Phone), Capacity: at.Event.Capacity,
		Reads: at.Event.Ends.Add(models.DoorReads), Writes: at.Event.Ends.Add(models.DoorWrites), Rows: []doorRowJSON{},
	}
	for _, r := range rows {
		if r.Name == "" {
			r.Name = p.T("door.no-name")
		}
		list.Rows = append(list.Rows, doorRowJSON{r.RSVP, r.Name, r.Party, r.Needs, r.Expected, counts.Here[r.RSVP]})
	}
	letters := collate.New(language.Make(p.Language()))
	slices.SortStableFunc(list.Rows, func(a, b doorRowJSON) int { return letters.CompareString(a.Name, b.Name) })
	return list
}

// phoneSaid is what a phone is called, for who keeps the door and who stands there.
func (s *Server) phoneSaid(p *locale.Printer, phone *models.Phone) string {
	said := p.T("door.phone", "Number", phone.Number)
	if name := s.Planner.PhoneName(phone); name != "" {
		said += " · " + name
	}
	return said
}

// sendDoor answers with the page at the door.
func (s *Server) sendDoor(c *fiber.Ctx, at *planner.Doorway, list doorNamesJSON) error {
	p := s.pageWords(c)
	body := doorSheet{
		Here: s.doorHere(c), Worker: s.here(c, "/door/worker.js"), Say: doorSentences(p), List: list, Shell: at == nil,
		Styles:  []string{s.pages.named["samling.css"], s.pages.named["door.css"]},
		Scripts: []string{s.pages.named["door-rules.js"], s.pages.named["door-copy.js"], s.pages.named["door.js"]},
		Blank:   doorRowJSON{Party: 1}, WalkIn: uuid.NewString(),
	}
	if at != nil {
		for _, r := range list.Rows {
			if r.Expected {
				body.Expected = append(body.Expected, r)
			} else {
				body.Others = append(body.Others, r)
			}
		}
		body.Number, body.Seats = turnoutSaid(body.Say, list)
		if id, err := uuid.Parse(c.Query("walked")); err == nil {
			body.Walked = id.String()
		}
	}
	pg := s.newPage(p, doorPath, p.T("door.title"), body)
	return s.sendPage(c, http.StatusOK, "door", pg)
}

// doorShell is GET /door/{secret}/shell: the page without anything of the event.
func (s *Server) doorShell(c *fiber.Ctx) error {
	if _, err := s.atDoor(c); err != nil {
		return err
	}
	return s.sendDoor(c, nil, doorNamesJSON{})
}

// doorNames is GET /door/{secret}/list.
func (s *Server) doorNames(c *fiber.Ctx) error {
	at, err := s.atDoor(c)
	if err != nil {
		return err
	}
	rows, counts, version, err := s.Planner.DoorNames(c.UserContext(), at)
	if err != nil {
		return err
	}
	return c.JSON(s.doorList(c, at, rows, counts, version))
}

// doorCounts is GET /door/{secret}/counts, which a page asks for every few seconds.
func (s *Server) doorCounts(c *fiber.Ctx) error {
	at, err := s.atDoor(c)
	if err != nil {
		return err
	}
	counts, version, err := s.Planner.DoorCounts(c.UserContext(), at)
	if err != nil {
		return err
	}
	out := doorCountsJSON{Version: version, Here: counts.Here, WalkIns: counts.WalkIns}
	if err := c.JSON(out); err != nil {
		return err
	}
	// Of what is said without the moment, which is another each time.
	sum := sha256.Sum256(c.Response().Body())
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	c.Set(fiber.HeaderETag, tag)
	if _, same := namesTag(c, tag); same {
		c.Response().ResetBody()
		return c.SendStatus(http.StatusNotModified)
	}
	out.Now = s.Now()
	return c.JSON(out)
}
