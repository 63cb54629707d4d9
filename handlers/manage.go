package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// heldPage is the page of one sign-up.
type heldPage struct {
	Title, When, Place, Hosts, Note string
	Online                          string
	Calendar                        string // the file for her own; empty: she is not going
	Person                          models.Person
	Answers                         []answered
	Ask                             []question // that she can answer anew
	Open                            bool       // she has just tried
	Standing                        string     // where she stands, in a sentence
	Party, Largest                  int
	Left                            bool
	Said, Wrong                     string // what came of what she did
	Contact                         contact
	Event                           string          // address of the event's page; empty: the public has none
	Here                            string          // the address that the forms post to
	NotMe                           bool            // she came by the link that says so
	Can                             map[string]bool // by the name of the action, since templates look up by strings
}

// showHeld is GET /rsvp/{token}. It changes nothing: programs open the links of
// mails before people do.
func (s *Server) showHeld(c *fiber.Ctx) error {
	held, err := s.held(c)
	if err != nil {
		return s.heldFault(c, err)
	}
	done := models.Action(c.Query("done"))
	said := ""
	if p := s.pageWords(c); done == mailMine || fits(done, held.Entry.State) {
		said = p.T("held.done." + string(done))
	}
	return s.heldPage(c, http.StatusOK, held, said, nil)
}

// actOnHeld is POST /rsvp/{token}. What was done is said on the page that it
// leads back to; what could not be done is said at once.
func (s *Server) actOnHeld(c *fiber.Ctx) error {
	held, err := s.held(c)
	if err != nil {
		return s.heldFault(c, err)
	}
	if formValue(c, "action") == answerAction {
		return s.answerHeld(c, held)
	}
	action := models.Action(formValue(c, "action"))
	party, _ := strconv.Atoi(formValue(c, "party")) // 0 is refused where it counts
	if action == mailMine {
		return s.mailMine(c, held.RSVP.ID)
	}
	if !slices.Contains(actions(), action) {
		return s.heldPage(c, statusOf(models.CodeNotPossible), held, "", models.Fault(models.CodeNotPossible))
	}
	err = s.Planner.Act(c.UserContext(), held.RSVP.ID, action, party)
	if status := statusOf(codeOf(err)); err != nil && status < http.StatusInternalServerError {
		return s.heldPage(c, status, held, "", err)
	}
	if err != nil {
		return err
	}
	private(c)
	return c.Redirect(c.Path()+"?done="+string(action), http.StatusSeeOther)
}

// mailMine asks for a mail with all sign-ups of the same address. It does nothing
// to this one, and so is no action of the roster.
const mailMine models.Action = "mine"

// mailMine says the same whether there are others or not: the page is for who has
// the link of this sign-up, the mail for who reads that address.
func (s *Server) mailMine(c *fiber.Ctx, rsvp string) error {
	if err := s.Planner.MailMine(c.UserContext(), rsvp); err != nil {
		return err
	}
	private(c)
	return c.Redirect(c.Path()+"?done="+string(mailMine), http.StatusSeeOther)
}

// answerAction is what the form posts in which she changes what she answered and
// wrote. It is none of the roster's: where she stands is not touched by it.
const answerAction = "answers"

func (s *Server) answerHeld(c *fiber.Ctx, held planner.Held) error {
	typed := askForm{Note: formValue(c, "note"), Answers: answersOf(c, held.Questions())}
	err := s.Planner.Answer(c.UserContext(), held.RSVP.ID, typed.Note, typed.Answers)
	if err == nil {
		private(c)
		return c.Redirect(c.Path()+"?done="+answerAction, http.StatusSeeOther)
	}
	if status := statusOf(codeOf(err)); status < http.StatusInternalServerError {
		return s.heldWith(c, status, held, &typed, "", err)
	}
	return err
}

// quiet is POST /rsvp/{token}/quiet, which a mail program sends when its reader
// presses "unsubscribe" (RFC 8058 §3.2). The address says all, so nothing is read
// of what comes with it, and there is no page to lead to.
func (s *Server) quiet(c *fiber.Ctx) error {
	private(c)
	id, err := s.Planner.ByManageToken(c.Params("token"))
	if err == nil {
		err = s.Planner.Act(c.UserContext(), id, models.ActQuiet, 0)
	}
	if status := statusOf(codeOf(err)); err != nil && status != http.StatusNotFound && status < http.StatusInternalServerError {
		err = nil // it is over or erased: there is nothing more to come
	}
	if err != nil {
		return err
	}
	return c.SendString(s.pageWords(c).T("held.done.quiet") + "\n")
}

// held is the sign-up that the token in the address is for.
func (s *Server) held(c *fiber.Ctx) (planner.Held, error) {
	id, err := s.Planner.ByManageToken(c.Params("token"))
	if err != nil {
		return planner.Held{}, err
	}
	return s.Planner.Held(c.UserContext(), id)
}

// heldFault is the page for a link that leads nowhere.
func (s *Server) heldFault(c *fiber.Ctx, err error) error {
	private(c)
	code := codeOf(err)
	if status := statusOf(code); status >= http.StatusInternalServerError {
		return err
	}
	p := s.pageWords(c)
	title, text := p.T("held.unknown"), p.T("held.unknown-why")
	if code == models.CodeGone {
		title, text = p.T("held.erased"), p.T("held.erased-why")
		if models.Action(c.Query("done")) == models.ActNotMe {
			text = p.T("held.not-me-done")
		}
	}
	return s.page(c, statusOf(code), "error", p, title, errorBody{Text: text})
}

// private keeps a page out of caches, of search engines, and of the Referer of
// whatever is opened from it.
func private(c *fiber.Ctx) {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Robots-Tag", "noindex, nofollow")
	c.Set(fiber.HeaderReferrerPolicy, "no-referrer")
}

func (s *Server) heldPage(c *fiber.Ctx, status int, held planner.Held, said string, wrong error) error {
	return s.heldWith(c, status, held, &askForm{Note: held.Person.Note, Answers: held.Person.Answers}, said, wrong)
}

// heldWith is the page with what stands in the form for her answers.
func (s *Server) heldWith(c *fiber.Ctx, status int, held planner.Held, typed *askForm, said string, wrong error) error {
	private(c)
	p := s.pageWords(c)
	e := held.Event.Event
	text, _ := e.In(p.Language(), s.Language)
	body := heldPage{
		Title: text.Title, When: when(p, e, s.Now()), Place: held.Where.Place, Online: held.Where.OnlineURL,
		Hosts: p.List(s.Planner.Catalogue().HostNames(e.Hosts(), p.Language())),
		Note:  notice(p, e), Person: held.Person, Answers: answers(p, held.Person.Answers), Standing: standing(p, &held),
		Party: held.Entry.Party, Largest: max(e.LargestParty(), held.Entry.Party),
		Left: held.Entry.State == models.Left, Said: said, Contact: contactOf(e.Contact), Here: c.Path(), NotMe: c.Query("was") == "not-me", Can: map[string]bool{},
	}
	if held.Where.Veiled && e.Status == models.Published && held.Entry.State.Coming() {
		key := "held.place-later"
		if held.Entry.State != models.Going {
			key = "held.place-confirmed"
		}
		body.Place = p.T(key, "When", clock(p, held.Where.PlaceFrom, e.Location()))
	}
	if e.Status != models.Draft {
		body.Event = s.here(c, s.ownPage(e))
	}
	if wrong != nil {
		body.Wrong, typed.Wrong = heldWrong(p, wrong), faultsOf(p, wrong)
	}
	body.Ask, body.Open = questions(p, held.Questions(), typed), typed.Failed()
	open := s.Now().Before(e.Ends)
	if open && e.Status == models.Published && held.Entry.State == models.Going {
		body.Calendar = c.Path() + "/event.ics"
	}
	for _, a := range possible(&held, open) {
		body.Can[string(a)] = true
	}
	body.Can[answerAction] = open && e.Status != models.Cancelled && held.Entry.State.Coming()
	pg := s.newPage(p, s.unprefixed(c.Path(), p), text.Title, body)
	pg.Result = cmp.Or(body.Said, body.Wrong)
	return s.sendPage(c, status, "rsvp", pg)
}

// heldWrong is what could not be done: the field's sentence, when it is a field.
func heldWrong(p *locale.Printer, err error) string {
	if ours, ok := errors.AsType[*models.Error](err); ok && len(ours.Fields) == 1 {
		return p.T("field."+ours.Fields[0].Code, gaps(ours.Fields[0].With)...)
	}
	return sentence(p, err)
}

// notice is what of the event must be seen first: that it is off.
func notice(p *locale.Printer, e *models.Event) string {
	if e.Status != models.Cancelled && e.Status != models.Postponed {
		return ""
	}
	if e.Reason == "" {
		return p.T("status." + string(e.Status))
	}
	return p.T("status."+string(e.Status)) + ": " + e.Reason
}

// standing is where somebody stands, in a sentence.
func standing(p *locale.Printer, h *planner.Held) string {
	e := h.Entry
	until := clock(p, e.Until, h.Event.Location())
	switch e.State {
	case models.Held:
		return p.T("held.is.held", "Until", until)
	case models.Going:
		return p.T("held.is.going")
	case models.Waiting:
		switch {
		case h.Vacant:
			return p.T("held.is.vacant")
		case h.LineOver:
			return p.T("held.is.no-place")
		}
		return p.T("held.is.waiting", "Line", h.Line)
	case models.Offered:
		return p.T("held.is.offered", "Until", until)
	}
	return p.T("held.is.cancelled")
}

func actions() []models.Action {
	return []models.Action{models.ActConfirm, models.ActParty, models.ActCancel, models.ActLeave, models.ActTake, models.ActDecline, models.ActQuiet, models.ActErase, models.ActNotMe}
}

// possible are the actions that fit where somebody stands. Being forgotten always
// does.
func possible(h *planner.Held, open bool) []models.Action {
	can := []models.Action{models.ActErase, models.ActNotMe}
	if !open || h.Event.Status == models.Cancelled {
		return can
	}
	if h.Entry.MustConfirm && h.Entry.State.Coming() {
		can = append(can, models.ActConfirm)
	}
	switch h.Entry.State {
	case models.Going, models.Held:
		can = append(can, models.ActParty, models.ActCancel)
		if !h.Entry.Quiet {
			can = append(can, models.ActQuiet)
		}
	case models.Waiting:
		can = append(can, models.ActParty, models.ActLeave)
		if h.Vacant {
			can = append(can, models.ActTake)
		}
	case models.Offered:
		can = append(can, models.ActTake, models.ActDecline)
	}
	return can
}

// fits reports whether somebody who stands there may just have done that, so
// that an old address does not say what is no longer true.
func fits(done models.Action, state models.State) bool {
	switch done {
	case models.ActConfirm, models.ActParty, models.ActQuiet, answerAction:
		return state.Coming()
	case models.ActTake:
		return state == models.Going
	case models.ActCancel, models.ActLeave, models.ActDecline:
		return state == models.Left
	}
	return false
}
