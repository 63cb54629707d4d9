package handlers

import (
	"slices"

	"samling/locale"
	"samling/models"
	"samling/planner"
)

// pick is one question of the form, to which any number of answers are ticked.
type pick struct {
	Name, Label string
	Chosen      int // how many are ticked
	Parts       []pickPart
}

// pickPart are answers that stand together; without a label: all that there are.
type pickPart struct {
	Label   string
	Chosen  int
	Options []counted
}

// counted is an answer and how many coming events it has.
type counted struct {
	choice
	Count int
}

// picks are the questions. Associations stand under their districts: they are
// fifty, and people know where they live.
func picks(p *locale.Printer, m moment, sel *selection) []pick {
	count := m.catalogue.Count(planner.Filter{}, m.now)
	var byDistrict []pickPart
	for _, d := range slices.Concat(m.catalogue.Districts, []models.District{{Name: p.T("whats-on.any-district")}}) {
		part := pickPart{Label: d.In(p.Language())}
		for _, a := range m.catalogue.Associations {
			if a.District == d.ID {
				part.add(a.ID, a.Name, slices.Contains(sel.Associations, a.ID), count.Associations[a.ID])
			}
		}
		byDistrict = append(byDistrict, part)
	}
	var districts, kinds, groups pickPart
	for _, d := range m.catalogue.Districts {
		districts.add(d.ID, d.In(p.Language()), slices.Contains(sel.Districts, d.ID), count.Districts[d.ID])
	}
	for _, k := range models.Kinds() {
		kinds.add(string(k), p.T("kind."+string(k)), slices.Contains(sel.Kinds, k), count.Kinds[k])
	}
	for _, g := range m.catalogue.Groups {
		groups.add(g.ID, g.In(p.Language()), slices.Contains(sel.Groups, g.ID), count.Groups[g.ID])
	}
	all := []pick{
		newPick("association", p.T("whats-on.association"), byDistrict...),
		newPick("district", p.T("whats-on.district"), districts),
		newPick("kind", p.T("whats-on.kind"), kinds),
		newPick("group", p.T("whats-on.group"), groups),
	}
	return slices.DeleteFunc(all, func(k pick) bool { return len(k.Parts) == 0 })
}

func newPick(name, label string, parts ...pickPart) pick {
	k := pick{Name: name, Label: label, Parts: slices.DeleteFunc(parts, func(part pickPart) bool { return len(part.Options) == 0 })}
	for _, part := range k.Parts {
		k.Chosen += part.Chosen
	}
	return k
}

func (part *pickPart) add(value, label string, chosen bool, count int) {
	part.Options = append(part.Options, counted{choice{value, label, chosen}, count})
	if chosen {
		part.Chosen++
	}
}

// namedMost is how many names a phrase says before it counts them instead.
const namedMost = 4

// inWords says a choice as part of a sentence: "gårdsfester och öppna möten från
// Husies förening i Öster".
func inWords(p *locale.Printer, c *planner.Catalogue, f *planner.Filter) string {
	var kinds, districts, groups []string
	for _, k := range f.Kinds {
		kinds = append(kinds, p.T("choice.kind."+string(k)))
	}
	for _, slug := range f.Districts {
		d, _ := c.District(slug) // Check has found it
		districts = append(districts, d.In(p.Language()))
	}
	for _, name := range c.HostNames(f.Groups, p.Language()) {
		groups = append(groups, p.T("whats-on.with-words", "Words", name))
	}
	said := p.T("choice.all")
	if len(kinds) > 0 {
		said = p.List(kinds)
	}
	for _, part := range []struct {
		key   string
		names []string
	}{
		{"choice.from.", c.HostNames(f.Associations, p.Language())},
		{"choice.in.", districts},
		{"choice.about.", groups},
	} {
		switch n := len(part.names); {
		case n > namedMost:
			said += " " + p.T(part.key+"many", "Count", n)
		case n > 0:
			said += " " + p.T(part.key+"these", "Names", p.List(part.names))
		}
	}
	return said
}
