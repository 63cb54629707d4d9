package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
)

// askForm is the sign-up form: what was typed, and what is wrong with it.
type askForm struct {
	Name, Email, Party, Note string
	Consented                bool
	Answers                  models.Answers

	Action  string // where it goes
	Consent string // the text that is agreed to
	Largest int
	Full    bool
	Stamp   string
	Ask     []question
	Wrong   []wrongField
	Refused string // why it could not be taken as a whole
}

// Failed reports whether it was sent and could not be taken.
func (f *askForm) Failed() bool { return len(f.Wrong) > 0 || f.Refused != "" }

// Fault is the sentence for a field; empty: it is right.
func (f *askForm) Fault(name string) string {
	for _, w := range f.Wrong {
		if w.Name == name {
			return w.Text
		}
	}
	return ""
}

// wrongField is one field and what is wrong with it.
type wrongField struct{ Name, Label, Text string }

// faultsOf are the sentences for the fields of an error.
func faultsOf(p *locale.Printer, err error) []wrongField {
	ours, ok := errors.AsType[*models.Error](err)
	if !ok {
		return nil
	}
	var out []wrongField
	for _, f := range ours.Fields {
		w := wrongField{Name: f.Name, Text: p.T("field."+f.Code, gaps(f.With)...)}
		if key := "sign-up.label." + f.Name; p.Has(key) {
			w.Label = p.T(key)
		}
		out = append(out, w)
	}
	return out
}

// form is the form of an event as it is shown, with what was typed.
func (s *Server) form(p *locale.Printer, m moment, e *models.Event, full bool, typed *askForm) *askForm {
	f := askForm{Party: "1"}
	if typed != nil {
		f = *typed
	}
	f.Action = s.prefix(p.Language()) + m.view.event(e.Slug) + "/rsvp"
	f.Consent = s.consent(p, m, e)
	f.Largest, f.Full = e.LargestParty(), full
	f.Ask = questions(p, e.SignUp.Ask, &f)
	// Whoever corrects a form has been here since she got the first.
	if _, err := strconv.ParseInt(f.Stamp, 10, 64); err != nil {
		f.Stamp = strconv.FormatInt(m.now.Unix(), 10)
	}
	return &f
}

// consent is the text that somebody agrees to. models.ConsentVersion counts its
// versions.
func (s *Server) consent(p *locale.Printer, m moment, e *models.Event) string {
	hosts := m.catalogue.HostNames(e.Hosts(), p.Language())
	readers := slices.Clone(hosts)
	if central := s.central(p, m); !slices.Contains(readers, central) {
		readers = append(readers, central)
	}
	return p.T("sign-up.consent", "Hosts", p.List(hosts), "Readers", p.List(readers), "Day", p.Date(s.Planner.ErasedBy(e).In(s.zone)))
}

// central is the name of the central office.
func (s *Server) central(p *locale.Printer, m moment) string {
	if s.Central != "" {
		return s.Central
	}
	for _, a := range m.catalogue.Associations {
		if a.Central {
			return a.Name
		}
	}
	return p.T("sign-up.central")
}

// The fields of the form that are there for programs that fill in forms: one that
// people do not see, and the moment at which the page was made.
const (
	trapField  = "homepage"
	stampField = "at"
	quickest   = 3 * time.Second
)

// trapped reports whether a form looks as if a program had filled it in. Nobody
// is dropped for that: she is asked to confirm by mail.
func (s *Server) trapped(c *fiber.Ctx) bool {
	if !s.Planner.Limits {
		return false
	}
	made, err := strconv.ParseInt(formValue(c, stampField), 10, 64)
	return err != nil || formValue(c, trapField) != "" || s.Now().Sub(time.Unix(made, 0)) < quickest
}

// signUpByForm is POST /events/{slug}/rsvp, and the same behind a members' link.
// What comes of it is said on a page that can be loaded again without sending
// anything twice.
func (s *Server) signUpByForm(c *fiber.Ctx) error {
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	p, v := s.pageWords(c), viewOf(c)
	typed := &askForm{
		Name: formValue(c, "name"), Email: formValue(c, "email"), Party: formValue(c, "party"),
		Note: formValue(c, "note"), Consented: formValue(c, "consent") != "", Stamp: formValue(c, stampField),
		Answers: answersOf(c, l.SignUp.Ask),
	}
	answer, err := s.signUpAs(c, l.Event, typed, p.Language())
	if err == nil {
		c.Set(fiber.HeaderCacheControl, "no-store")
		to := url.Values{"status": {answer.Status}, "party": {strconv.Itoa(answer.Party)}}
		return c.Redirect(s.prefix(p.Language())+v.event(l.Slug)+"/rsvp?"+to.Encode(), http.StatusSeeOther)
	}
	code := codeOf(err)
	status := statusOf(code)
	switch {
	case code == models.CodeUnavailable:
		s.logFault(c, err)
		retryAfter(c, waitWhenAway)
	case code == models.CodeNotFound, status >= http.StatusInternalServerError:
		return err
	}
	if typed.Wrong = faultsOf(p, err); len(typed.Wrong) == 0 {
		typed.Refused = sentence(p, err)
	}
	private(c)
	saysWait(c, err)
	if v.pass == nil {
		c.Set(fiber.HeaderReferrerPolicy, "same-origin")
	}
	m := s.moment()
	m.view = v
	pg, err := s.drawEvent(c, p, m, l, typed)
	if err != nil {
		return err
	}
	return s.sendPage(c, status, "event", pg)
}

func (s *Server) signUpAs(c *fiber.Ctx, e *models.Event, f *askForm, language string) (models.Answer, error) {
	party, err := strconv.Atoi(f.Party)
	ask := models.SignUp{
		Name: f.Name, Email: f.Email, Note: f.Note, Answers: f.Answers, Party: party, Consent: f.Consented, Language: language, Suspect: s.trapped(c),
		Pass: viewOf(c).pass,
	}
	if err != nil || party > e.LargestParty() {
		ask.Party = 0 // refused with the others that are wrong
	}
	if err := ask.Validate(e.SignUp.Ask, false); err != nil {
		return models.Answer{}, inOrder(err, e.LargestParty())
	}
	many, err := s.limited(c)
	if err != nil {
		return models.Answer{}, err
	}
	ask.Suspect = ask.Suspect || many
	return s.Planner.SignUp(c.UserContext(), e.ID, ask, nil)
}

// inOrder puts wrong fields in the order of the form, and names the largest party
// of this event.
func inOrder(err error, largest int) error {
	ours, ok := errors.AsType[*models.Error](err)
	if !ok {
		return err
	}
	order := []string{"name", "email", "party", "answers.phone", "answers.food", "answers.access", "note", "consent"}
	slices.SortStableFunc(ours.Fields, func(a, b models.Field) int {
		return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name))
	})
	for i, f := range ours.Fields {
		if f.Name == "party" {
			ours.Fields[i].With = map[string]any{"From": 1, "To": largest}
		}
	}
	return ours
}

// thanksPage is what somebody sees who has signed up.
type thanksPage struct {
	Event, When, Say, Party string
	Back                    string
}

// thanks is GET /events/{slug}/rsvp: what came of signing up, in the words of the
// address, since nothing is known here of who asks. Without them it leads to the
// form.
func (s *Server) thanks(c *fiber.Ctx) error {
	l, err := s.viewed(c)
	if err != nil {
		return err
	}
	p := s.pageWords(c)
	back := s.prefix(p.Language()) + viewOf(c).event(l.Slug)
	status := c.Query("status")
	key := "thanks." + status
	if !slices.Contains([]string{models.AnswerGoing, models.AnswerWaiting, models.AnswerConfirm}, status) {
		return c.Redirect(back+"#sign-up", http.StatusSeeOther)
	}
	if l.Capacity == 0 && status == models.AnswerGoing {
		key += "-unlimited"
	}
	text, _ := l.In(p.Language(), s.Language)
	body := thanksPage{Event: text.Title, When: when(p, l.Event, s.Now()), Say: p.T(key), Back: back}
	if n, err := strconv.Atoi(c.Query("party")); err == nil && n > 0 && n <= models.MaxParty {
		body.Party = p.T("held.people", "Count", n)
	}
	private(c)
	return s.page(c, http.StatusOK, "thanks", p, p.T("thanks.title"), body)
}
