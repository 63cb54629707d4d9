package handlers

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// whatsOnPage is the list of what is on.
type whatsOnPage struct {
	Days  days
	Hits  int
	Past  bool
	Words string
	// From and To are the days of the form, as they were typed.
	From, To string
	Choices  []filterField
	// Active are the filters that are on, each with the address without it.
	Active []active
	Wrong  []wrongField
	// More is the rest of the list, First its beginning, Earlier what has been,
	// Coming the way back from there.
	More, First, Earlier, Coming string
	// Subscribe leads to a calendar of the same choice. Wider: it has more in it,
	// since calendars know neither words nor days.
	Subscribe string
	Wider     bool
}

// filterField is one field of the form from whose options one is chosen.
type filterField struct {
	Name, Label, Any string
	Options          []choice
	// Others are further values that the address had.
	Others []string
}

// active is one filter that is on.
type active struct{ Label, Without string }

// whatsOn is GET /.
func (s *Server) whatsOn(c *fiber.Ctx) error {
	var f models.Faults
	l := s.readListing(c, &f)
	p := s.pageWords(c)
	if err := s.Planner.Catalogue().Check(l.Filter); err != nil {
		return err
	}
	draw := func(m moment) (page, error) { return s.drawWhatsOn(c, p, m, &l, f.Err()), nil }
	if err := f.Err(); err != nil {
		return s.drawn(c, statusOf(codeOf(err)), "whats-on", draw)
	}
	v := l.values()
	// What anybody could type without end is not kept: it would push out what
	// many ask for.
	if l.Words != "" || l.from != "" || l.to != "" || l.after != (place{}) {
		return s.drawn(c, http.StatusOK, "whats-on", draw)
	}
	return s.keptPage(c, "whats-on", listPath(v), draw)
}

func (s *Server) drawWhatsOn(c *fiber.Ctx, p *locale.Printer, m moment, l *listing, wrong error) page {
	all, shown, next := l.choose(m)
	first := m.day
	if !l.From.IsZero() {
		first = l.From
	}
	if l.past {
		first = time.Time{}
	}
	v := l.values()
	prefix := s.prefix(p.Language())
	body := whatsOnPage{
		Days: s.rows(c, p, m, first, shown), Hits: len(all), Past: l.past, Words: l.Words, From: l.from, To: l.to,
		Choices: filterFields(p, m.catalogue, l), Active: s.active(p, m.catalogue, l, "/", v), Wrong: faultsOf(p, wrong),
		Subscribe: prefix + address("/subscribe", l.selection.values()), Wider: l.Words != "" || l.from != "" || l.to != "",
	}
	if next != (place{}) {
		body.More = prefix + listPath(with(v, "cursor", next.String()))
	}
	if l.after != (place{}) {
		body.First = prefix + listPath(v)
	}
	if l.past {
		body.Coming = prefix + listPath(without(v, "to", ""))
	} else if l.from == "" && l.to == "" {
		body.Earlier = prefix + listPath(with(v, "to", yesterday(m)))
	}
	s.sayWeeks(p, m, body.Days)
	title := p.T("whats-on.title")
	if l.past {
		title = p.T("whats-on.past")
	}
	pg := s.newPage(p, listPath(v), title, body)
	pg.Wrong = len(body.Wrong) > 0
	pg.Summary, pg.Feed = p.T("whats-on.summary"), l.selection.path(s.Language)
	if len(v) == 0 && l.after == (place{}) {
		pg.Canonical = s.Site + prefix + "/"
	}
	return pg
}

// drawn answers with a page that is not kept.
func (s *Server) drawn(c *fiber.Ctx, status int, name string, draw drawing) error {
	pg, err := draw(s.moment())
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderCacheControl, "no-cache")
	return s.sendPage(c, status, name, pg)
}

// with and without are a query with another value, and without one; "" is all
// values of that name.
func with(v url.Values, name, value string) url.Values {
	out := without(v, name, "")
	out.Set(name, value)
	return out
}

func without(v url.Values, name, value string) url.Values {
	out := url.Values{}
	for key, values := range v {
		for _, each := range values {
			if key != name || value != "" && each != value {
				out.Add(key, each)
			}
		}
	}
	return out
}

// filterFields are the fields of the form.
func filterFields(p *locale.Printer, c *planner.Catalogue, l *listing) []filterField {
	kind := filterField{Name: "kind", Label: p.T("whats-on.kind"), Any: p.T("whats-on.any-kind")}
	var kinds []string
	for _, k := range l.Kinds {
		kinds = append(kinds, string(k))
	}
	for _, k := range models.Kinds() {
		kind.add(string(k), p.T("kind."+string(k)), kinds)
	}
	association := filterField{Name: "association", Label: p.T("whats-on.association"), Any: p.T("whats-on.any-association")}
	for _, a := range c.Associations {
		association.add(a.ID, a.Name, l.Associations)
	}
	group := filterField{Name: "group", Label: p.T("whats-on.group"), Any: p.T("whats-on.any-group")}
	for _, g := range c.Groups {
		group.add(g.ID, g.In(p.Language()), l.Groups)
	}
	district := filterField{Name: "district", Label: p.T("whats-on.district"), Any: p.T("whats-on.any-district")}
	for _, d := range c.Districts {
		district.add(d.ID, d.In(p.Language()), l.Districts)
	}
	return slices.DeleteFunc([]filterField{kind, district, association, group}, func(c filterField) bool { return len(c.Options) == 0 })
}

// add puts an option into the field. A browser's list has one choice; whatever
// else the address had goes along unseen.
func (c *filterField) add(value, name string, chosen []string) {
	at := slices.Index(chosen, value)
	c.Options = append(c.Options, choice{value, name, at == 0})
	if at > 0 {
		c.Others = append(c.Others, value)
	}
}

// active are the filters that are on, on a page with that query.
func (s *Server) active(p *locale.Printer, c *planner.Catalogue, l *listing, path string, v url.Values) []active {
	prefix := s.prefix(p.Language())
	var out []active
	add := func(name, value, label string) {
		out = append(out, active{label, prefix + address(path, without(v, name, value))})
	}
	if l.Words != "" {
		add("q", l.Words, p.T("whats-on.with-words", "Words", l.Words))
	}
	for _, k := range l.Kinds {
		add("kind", string(k), p.T("kind."+string(k)))
	}
	for _, slug := range l.Districts {
		d, _ := c.District(slug)
		add("district", slug, cmp.Or(d.In(p.Language()), slug))
	}
	for _, slug := range l.Associations {
		add("association", slug, c.HostName(slug, p.Language()))
	}
	for _, slug := range l.Groups {
		add("group", slug, c.HostName(slug, p.Language()))
	}
	if !l.From.IsZero() {
		add("from", l.from, p.T("whats-on.from-day", "Day", p.Date(l.From.In(s.zone))))
	}
	if !l.To.IsZero() && !l.past {
		add("to", l.to, p.T("whats-on.to-day", "Day", p.Date(l.To.In(s.zone).AddDate(0, 0, -1))))
	}
	return out
}

// yesterday is the last day that is over.
func yesterday(m moment) string { return m.day.AddDate(0, 0, -1).Format(time.DateOnly) }
