package handlers

import (
	"slices"
	"strconv"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
)

// What the rooms of the central office have in common.

// formPage is a form about one thing that is kept.
type formPage struct {
	Desk    desk
	Here    string // where it posts to
	Lead    string
	Inputs  []input
	Seen    string // the state that the form began with
	Do      string
	Back    link
	Wrong   []complaint
	Changes []change // what somebody else saved meanwhile
	Said    string
}

// fill gives the inputs what was typed and what is wrong with it. kept is what
// somebody else saved meanwhile; nil: nobody did.
func (b *formPage) fill(p *locale.Printer, inputs []input, in form, wrong error, kept form) {
	h := &sheet{Printer: p, in: in, wrong: wrongInputs(p, wrong), sections: []*section{{Inputs: withValues(inputs, in)}}}
	b.Inputs = h.sections[0].Inputs
	for i := range b.Inputs {
		b.Inputs[i].Wrong = h.wrong[b.Inputs[i].Name]
	}
	b.Wrong = h.faults(wrong)
	if kept == nil {
		return
	}
	for i, theirs := range withValues(inputs, kept) {
		if one, two := theirs.reads(p), b.Inputs[i].reads(p); one != two && (theirs.Name != "email") {
			b.Changes = append(b.Changes, change{Label: theirs.Label, Kept: one, Typed: two})
		}
	}
}

// withValues are inputs with what a form says.
func withValues(inputs []input, in form) []input {
	out := slices.Clone(inputs)
	for i := range out {
		out[i].Value = in.get(out[i].Name)
		if out[i].Choices = slices.Clone(out[i].Choices); out[i].Sort == "many" {
			out[i].Choices = ticked(out[i].Choices, in.list(out[i].Name))
		} else {
			out[i].Choices = ticked(out[i].Choices, []string{out[i].Value})
		}
	}
	return out
}

// sayPage asks whether something should really be done.
type sayPage struct {
	Desk       desk
	Here, Lead string
	Do         string
	Danger     bool
	Back       link
	Hidden     map[string]string
	Wrong      []wrongField
}

// askedFor are the parts of an address that ask for something.
func askedFor(c *fiber.Ctx, names ...string) form {
	asked := form{}
	for _, name := range names {
		if value := clip(c.Query(name)); value != "" {
			asked.set(name, value)
		}
	}
	return asked
}

// turned is one page of a list: what stands on it, and the addresses of its
// neighbours; empty: there are none.
type turned struct {
	from, to     int
	newer, older string
}

// pageOf is the page of a list of so many that is asked for.
func pageOf(c *fiber.Ctx, here string, asked form, count, most int) turned {
	page, _ := strconv.Atoi(c.Query("page"))
	page = min(max(page, 1), 1+count/most)
	address := func(page int) string {
		at := form{"page": {strconv.Itoa(page)}}
		for name, values := range asked {
			at[name] = values
		}
		return here + "?" + at.encode()
	}
	t := turned{from: min((page-1)*most, count), to: min(page*most, count)}
	if page > 1 {
		t.newer = address(page - 1)
	}
	if t.to < count {
		t.older = address(page + 1)
	}
	return t
}

// anyOf is a choice in a filter, of one or of all.
func anyOf(name, label, all string, choices []choice) input {
	chosen := slices.ContainsFunc(choices, func(c choice) bool { return c.Chosen })
	return input{Name: name, Sort: "one", Label: label, Choices: append([]choice{{Label: all, Chosen: !chosen}}, choices...)}
}

// wordChoices are choices whose labels are words of ours.
func wordChoices(p *locale.Printer, key, chosen string, values ...string) []choice {
	var out []choice
	for _, v := range values {
		out = append(out, choice{v, p.T(key + v), v == chosen})
	}
	return out
}

// saidOf is what has just been done, as the address says, of what can be.
func saidOf(c *fiber.Ctx, p *locale.Printer, key string, can ...string) string {
	if done := c.Query("done"); slices.Contains(can, done) {
		return p.T(key + done)
	}
	return ""
}

// cityRoutes are the rooms of the central office.
func (s *Server) cityRoutes(desk fiber.Router) {
	desk.Post("/events/several", s.several)
	desk.Post("/events/unremind", s.unremind)
	desk.Get("/overview", s.organiseOverview)
	desk.Get("/numbers", s.organiseNumbers)
	desk.Get("/numbers.csv", s.numbersCSV)
	desk.Get("/directory", s.organiseDirectory)
	desk.Post("/directory", s.addHost)
	desk.Get("/directory/new", s.newHost)
	desk.Get("/directory/:host", s.showHost)
	desk.Post("/directory/:host", s.saveHost)
	desk.Get("/directory/:host/close", s.askCloseHost)
	desk.Post("/directory/:host/close", s.closeHost)
	desk.Get("/settings", s.showSettings)
	desk.Post("/settings", s.saveSettings)
	desk.Get("/organisers", s.organiseOrganisers)
	desk.Post("/organisers", s.inviteOrganiser)
	desk.Get("/organisers/new", s.newOrganiser)
	desk.Post("/organisers/renew", s.renewAll)
	desk.Get("/organisers/:organiser", s.showOrganiser)
	desk.Post("/organisers/:organiser", s.saveOrganiser)
	desk.Get("/organisers/:organiser/reset", s.proven, s.askReset)
	desk.Post("/organisers/:organiser/reset", s.proven, s.resetFactors)
	desk.Post("/organisers/:organiser/invite", s.inviteAgain)
	desk.Post("/organisers/:organiser/renew", s.renewOrganiser)
	desk.Get("/organisers/:organiser/remove", s.askRemove)
	desk.Post("/organisers/:organiser/remove", s.removeOrganiser)
}
