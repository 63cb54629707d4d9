package handlers

import (
	"cmp"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// whatsOnPage is the list of what is on.
type whatsOnPage struct {
	Days  days
	Month *monthView // nil: a list
	Hits  int
	Past  bool
	Words string
	// From and To are the days of the form, as they were typed.
	From, To string
	Choices  []filterField
	Facts    []choice
	Facets   []facet
	// Active are the filters that are on, each with the address without it.
	Active []active
	Wrong  []wrongField
	// More is the rest of the list, First its beginning, Earlier what has been,
	// Coming the way back from there.
	More, First, Earlier, Coming string
	// AsList and AsMonth are the same choice in the two views.
	AsList, AsMonth string
	// Try are ways out of a choice that nothing fits, Nearest what comes next
	// whatever was chosen.
	Try     []facetLink
	Nearest days
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
type active struct{ Name, Value, Label, Without string }

// whatsOn is GET /.
func (s *Server) whatsOn(c *fiber.Ctx) error {
	var f models.Faults
	l := s.readListing(c, &f)
	p := s.pageWords(c)
	if err := s.Planner.Catalogue().Check(l.Filter); err != nil {
		return err
	}
	if slices.ContainsFunc(l.Spoken, func(tag string) bool { return !p.Has("language." + tag) }) {
		return models.ErrNotFound
	}
	draw := func(m moment) (page, error) { return s.drawWhatsOn(c, p, m, &l, f.Err()), nil }
	if err := f.Err(); err != nil {
		return s.drawn(c, statusOf(codeOf(err)), "whats-on", draw)
	}
	if l.endless(s.Now()) {
		return s.drawn(c, http.StatusOK, "whats-on", draw)
	}
	shelf := s.kept
	if len(l.values()) > 1 {
		shelf = s.lists
	}
	return s.keptPageOn(shelf, c, "whats-on", listPath(l.values()), draw)
}

// endless reports whether anybody could type ever more listings like it: kept,
// they would push out what many ask for.
func (l *listing) endless(now time.Time) bool {
	far := !l.month.IsZero() && (l.month.Before(now.AddDate(0, -2, 0)) || l.month.After(now.AddDate(1, 0, 0)))
	return far || l.Words != "" || l.from != "" || l.to != "" || l.after != (place{})
}

func (s *Server) drawWhatsOn(c *fiber.Ctx, p *locale.Printer, m moment, l *listing, wrong error) page {
	all, shown, next := l.choose(m)
	began := m.day
	if !l.From.IsZero() {
		began = l.From
	}
	if l.past {
		began = time.Time{}
	}
	v := l.values()
	prefix := s.prefix(p.Language())
	at := m.now
	if !l.From.IsZero() {
		at = l.From
	}
	n := m.catalogue.Count(l.Filter, at)
	body := whatsOnPage{
		Hits: len(all), Past: l.past, Words: l.Words, From: l.from, To: l.to,
		Choices: filterFields(p, m.catalogue, l, n), Active: s.active(p, m.catalogue, l, "/", v), Wrong: faultsOf(p, wrong),
		Subscribe: prefix + address("/subscribe", l.selection.values()), Wider: l.Words != "" || l.from != "" || l.to != "" || len(l.Facts)+len(l.Spoken) > 0,
		AsList: prefix + listPath(cleared(v, "view", "month")), AsMonth: prefix + listPath(with(cleared(v, "from", "to"), "view", "month")),
	}
	for _, fact := range models.FactChoices() {
		body.Facts = append(body.Facts, choice{string(fact), p.T("fact." + string(fact)), slices.Contains(l.Facts, fact)})
	}
	if !l.past {
		body.Facets = s.facets(p, m, l, n)
	}
	if l.month.IsZero() {
		body.Days = s.rows(c, p, m, began, shown)
		s.sayWeeks(p, m, body.Days)
	} else {
		body.Month, body.Days = s.drawMonth(c, p, m, l, all)
		next = place{}
	}
	if len(all) == 0 && wrong == nil {
		body.Try = s.waysOut(m, l, body.Active)
		body.Nearest = s.rows(c, p, m, m.day, first(m.catalogue.Ahead(planner.Filter{}, m.now), nearestShown))
	}
	if next != (place{}) {
		body.More = prefix + listPath(with(v, "cursor", next.String()))
	}
	if l.after != (place{}) {
		body.First = prefix + listPath(v)
	}
	if l.past {
		body.Coming = prefix + listPath(cleared(v, "to"))
	} else if l.from == "" && l.to == "" && l.month.IsZero() {
		body.Earlier = prefix + listPath(with(v, "to", yesterday(m)))
	}
	title := p.T("whats-on.title")
	switch {
	case l.past:
		title = p.T("whats-on.past")
	case body.Month != nil:
		title = p.T("whats-on.title-month", "Month", body.Month.Name)
	}
	pg := s.newPage(p, listPath(v), title, body)
	if len(body.Wrong) > 0 {
		pg.Result = p.T("page.wrong-title")
	}
	pg.Summary, pg.Feed = p.T("whats-on.summary"), l.selection.path(s.Language)
	if len(v) == 0 && l.after == (place{}) {
		pg.Canonical = s.Site + prefix + "/"
	}
	return pg
}

// nearestShown is how much of what comes next stands where nothing was found.
const nearestShown = 3

// waysOut are the choices without one of which something is found, the one that
// finds most first.
func (s *Server) waysOut(m moment, l *listing, on []active) []facetLink {
	var out []facetLink
	for _, a := range on {
		other := l.without(a.Name, a.Value)
		if all, _, _ := other.choose(m); len(all) > 0 {
			out = append(out, facetLink{Label: a.Label, Href: a.Without, Count: len(all)})
		}
	}
	slices.SortStableFunc(out, func(a, b facetLink) int { return b.Count - a.Count })
	return out
}

// without is the listing with one choice fewer.
func (l *listing) without(name, value string) *listing {
	other := *l
	other.after = place{}
	switch name {
	case "q":
		other.Words = ""
	case "from":
		other.From = time.Time{}
	case "to":
		other.To = time.Time{}
	case "kind":
		other.Kinds = fewer(l.Kinds, value)
	case "association":
		other.Associations = fewer(l.Associations, value)
	case "group":
		other.Groups = fewer(l.Groups, value)
	case "district":
		other.Districts = fewer(l.Districts, value)
	case "fact":
		other.Facts = fewer(l.Facts, value)
	case "spoken":
		other.Spoken = fewer(l.Spoken, value)
	}
	return &other
}

func fewer[T ~string](list []T, value string) []T {
	return slices.DeleteFunc(slices.Clone(list), func(v T) bool { return string(v) == value })
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

// with is a query with that value alone of a name, without one with a value fewer,
// cleared one without some names. The query itself stays as it is.
func with(v url.Values, name, value string) url.Values {
	out := maps.Clone(v)
	out.Set(name, value)
	return out
}

func without(v url.Values, name, value string) url.Values {
	out := maps.Clone(v)
	if out[name] = fewer(v[name], value); len(out[name]) == 0 {
		out.Del(name)
	}
	return out
}

func cleared(v url.Values, names ...string) url.Values {
	out := maps.Clone(v)
	for _, name := range names {
		out.Del(name)
	}
	return out
}

// filterFields are the fields of the form.
func filterFields(p *locale.Printer, c *planner.Catalogue, l *listing, n planner.Counts) []filterField {
	kind := filterField{Name: "kind", Label: p.T("whats-on.kind"), Any: p.T("whats-on.any-kind")}
	var kinds []string
	for _, k := range l.Kinds {
		kinds = append(kinds, string(k))
	}
	for _, k := range models.Kinds() {
		kind.add(string(k), p.T("kind."+string(k)), n.Kinds[k], kinds)
	}
	association := filterField{Name: "association", Label: p.T("whats-on.association"), Any: p.T("whats-on.any-association")}
	for _, a := range c.Associations {
		association.add(a.ID, a.Name, n.Associations[a.ID], l.Associations)
	}
	group := filterField{Name: "group", Label: p.T("whats-on.group"), Any: p.T("whats-on.any-group")}
	for _, g := range c.Groups {
		group.add(g.ID, g.In(p.Language()), n.Groups[g.ID], l.Groups)
	}
	district := filterField{Name: "district", Label: p.T("whats-on.district"), Any: p.T("whats-on.any-district")}
	for _, d := range c.Districts {
		district.add(d.ID, d.In(p.Language()), n.Districts[d.ID], l.Districts)
	}
	spoken := filterField{Name: "spoken", Label: p.T("whats-on.spoken"), Any: p.T("whats-on.any-spoken")}
	for _, tag := range tongues(p, n, l.Spoken) {
		spoken.add(tag, p.T("language."+tag), n.Spoken[tag], l.Spoken)
	}
	return slices.DeleteFunc([]filterField{kind, district, association, group, spoken}, func(c filterField) bool { return len(c.Options) == 0 })
}

// add puts an option into the field. A browser's list has one choice; whatever
// else the address had goes along unseen.
func (c *filterField) add(value, name string, count int, chosen []string) {
	at := slices.Index(chosen, value)
	if count > 0 {
		name += " (" + strconv.Itoa(count) + ")"
	}
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
		out = append(out, active{name, value, label, prefix + address(path, without(v, name, value))})
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
	for _, fact := range l.Facts {
		add("fact", string(fact), p.T("fact."+string(fact)))
	}
	for _, tag := range l.Spoken {
		add("spoken", tag, p.T("language."+tag))
	}
	if l.from != "" && !l.From.IsZero() {
		add("from", l.from, p.T("whats-on.from-day", "Day", p.Date(l.From.In(s.zone))))
	}
	if l.to != "" && !l.To.IsZero() && !l.past {
		add("to", l.to, p.T("whats-on.to-day", "Day", p.Date(l.To.In(s.zone).AddDate(0, 0, -1))))
	}
	return out
}

// yesterday is the last day that is over.
func yesterday(m moment) string { return m.day.AddDate(0, 0, -1).Format(time.DateOnly) }
