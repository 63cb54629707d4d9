package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"time"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// facet is one question to which the list has answers, each a link to what it
// would show.
type facet struct {
	Label string
	Links []facetLink
}

type facetLink struct {
	Label, Href string
	Count       int
	Chosen      bool // the link takes it back
}

// facets are the questions beside a list, with those answers alone that lead to
// something, or are chosen.
func (s *Server) facets(p *locale.Printer, m moment, l *listing, n planner.Counts) []facet {
	prefix := s.prefix(p.Language())
	v := l.values()
	ask := func(label string) *facet { return &facet{Label: p.T(label)} }
	add := func(f *facet, name, value, label string, count int) {
		chosen := slices.Contains(v[name], value)
		to := without(v, name, value)
		if !chosen {
			to.Add(name, value)
			slices.Sort(to[name])
		}
		if chosen || count > 0 {
			f.Links = append(f.Links, facetLink{label, prefix + listPath(to), count, chosen})
		}
	}
	kinds, facts := ask("whats-on.kind"), ask("whats-on.facts")
	districts, spoken := ask("whats-on.district"), ask("whats-on.spoken")
	for _, k := range models.Kinds() {
		add(kinds, "kind", string(k), p.T("kind."+string(k)), n.Kinds[k])
	}
	for _, fact := range models.FactChoices() {
		add(facts, "fact", string(fact), p.T("fact."+string(fact)), n.Facts[fact])
	}
	for _, d := range m.catalogue.Districts {
		add(districts, "district", d.ID, d.In(p.Language()), n.Districts[d.ID])
	}
	for _, tag := range tongues(p, n, l.Spoken) {
		add(spoken, "spoken", tag, p.T("language."+tag), n.Spoken[tag])
	}
	out := []facet{*kinds, *facts, *districts, *spoken}
	if l.month.IsZero() {
		out = slices.Insert(out, 0, s.daysToChoose(p, m, l, v, prefix))
	}
	return slices.DeleteFunc(out, func(f facet) bool { return len(f.Links) == 0 })
}

// tongues are the languages to choose from, those that most is in first, as far as
// we have names for them.
func tongues(p *locale.Printer, n planner.Counts, chosen []string) []string {
	all := slices.Clone(chosen)
	for tag := range n.Spoken {
		if p.Has("language." + tag) {
			all = append(all, tag)
		}
	}
	slices.SortFunc(all, func(a, b string) int { return cmp.Or(n.Spoken[b]-n.Spoken[a], cmp.Compare(a, b)) })
	return slices.Compact(all)
}

// daysToChoose are the days that people ask for.
func (s *Server) daysToChoose(p *locale.Printer, m moment, l *listing, v url.Values, prefix string) facet {
	out := facet{Label: p.T("whats-on.when")}
	today := m.day.In(s.zone)
	monday := mondayOf(today)
	for _, span := range []struct {
		key         string
		first, last time.Time
	}{
		{"today-alone", today, today},
		{"weekend", later(monday.AddDate(0, 0, 5), today), monday.AddDate(0, 0, 6)},
		{"this-week", today, monday.AddDate(0, 0, 6)},
		{"next-week", monday.AddDate(0, 0, 7), monday.AddDate(0, 0, 13)},
	} {
		first, last := span.first.Format(time.DateOnly), span.last.Format(time.DateOnly)
		f := l.Filter
		f.To = span.last.AddDate(0, 0, 1)
		count := m.catalogue.Count(f, later(span.first, m.now)).All
		chosen := l.from == first && l.to == last
		to := cleared(v, "from", "to")
		if !chosen {
			to = with(with(to, "from", first), "to", last)
		}
		if chosen || count > 0 {
			out.Links = append(out.Links, facetLink{p.T("whats-on." + span.key), prefix + listPath(to), count, chosen})
		}
	}
	return out
}

// mondayOf is the first moment of the week of a midnight.
func mondayOf(midnight time.Time) time.Time {
	return midnight.AddDate(0, 0, -(int(midnight.Weekday())+6)%7)
}
