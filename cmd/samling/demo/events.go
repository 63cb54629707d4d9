package demo

import (
	"strings"
	"time"

	"samling/models"
	"samling/planner"
)

// ordinary are some two hundred events, from two months ago to four ahead: most
// as they should be, some full, moved, postponed or cancelled.
func (c *City) ordinary(city *planner.Catalogue) []planned {
	var out []planned
	for i := range 196 {
		// Twice as many ahead as behind, most of them in the coming weeks.
		day := c.rand.IntN(60) - 60
		if i%4 != 0 {
			day = c.rand.IntN(30) + c.rand.IntN(30)*c.rand.IntN(4)
		}
		host := city.Associations[1+i%(len(city.Associations)-1)]
		p := c.event(subjects[i%len(subjects)], host, day)
		switch {
		case i%37 == 5:
			p.move, p.reason = models.Cancel, "Lokalen har fått en vattenskada. Vi återkommer i vår."
		case i%41 == 7:
			p.move, p.reason = models.Postpone, "Talaren är sjuk. Vi letar efter en ny dag."
		case i%29 == 11:
			p.draft = true
		case i%31 == 13:
			p.moved = time.Hour
		case i%17 == 3 && p.event.SignUp.Needed:
			p.event.Capacity, p.signUps = 12, 14
		case i%43 == 15 && p.event.SignUp.Needed:
			p.event.SignUp.Protected = true
		}
		if i%5 == 2 && p.event.SignUp.Needed {
			p.event.SignUp.Ask = models.Questions()
		}
		if i%9 == 4 {
			if other := city.Associations[1+(i*7+3)%(len(city.Associations)-1)].ID; other != host.ID {
				p.event.CoHosts = []string{other}
			}
		}
		if i%23 == 6 {
			p.event.Partners = []string{"Studieförbundet Exempel"}
		}
		out = append(out, p)
	}
	return out
}

// event is one ordinary event of an association.
func (c *City) event(s subject, host models.Association, day int) planned {
	t := s.kind.Template()
	starts := c.midnight.AddDate(0, 0, day)
	if s.kind == models.YardParty {
		// Yards are full at weekends.
		starts = starts.AddDate(0, 0, int(time.Saturday-starts.Weekday()))
	}
	y, m, d := starts.Date()
	clock := t.Starts + time.Duration(c.rand.IntN(3)-1)*30*time.Minute
	// By wall clock, since a day with a change of the hour has no 18 hours
	// before six in the evening.
	starts = time.Date(y, m, d, int(clock.Hours()), int(clock.Minutes())%60, 0, 0, starts.Location())
	yes, free, inside := true, 0, !s.outside
	e := models.Event{
		Kind: s.kind, Host: host.ID, Starts: starts, Audience: t.Audience, Capacity: t.Capacity,
		Text: s.sv, Place: models.Place{Name: s.place, Address: "Exempelgatan " + string(rune('1'+c.rand.IntN(9)))},
		SignUp: models.SignUpRules{Needed: t.SignUp && !s.justCome},
		Price:  &free, Food: &yes, Children: &yes, Indoors: &inside,
		Contact: models.Contact{Name: "Expeditionen", Phone: "040-000 00 00", Email: host.Email},
	}
	english := s.en
	if quarter := quarterOf(host.Name); quarter != "" {
		e.Title += " i " + quarter
		e.Place.Name += " " + quarter
		english.Title += " in " + quarter
	} else {
		e.Title += " med " + host.Name
		english.Title += " with " + host.Name
	}
	e.Texts = map[string]models.Text{"en": english}
	if s.group != "" {
		e.Groups = []string{s.group}
	}
	if s.kind == models.YardParty {
		e.Rain = "Vi är i gårdslokalen i stället."
	}
	if inside {
		e.Access = models.Access{StepFree: &yes, Toilet: &yes}
	}
	if c.rand.IntN(4) == 0 {
		e.Spoken, e.Interpreted = []string{"sv"}, []string{"ar"}
	}
	p := planned{event: e, walkIns: 5 + c.rand.IntN(40)}
	if e.SignUp.Needed {
		p.signUps = c.rand.IntN(9)
	}
	return p
}

// quarterOf is the part of the city that an association is named after; empty:
// none.
func quarterOf(name string) string {
	if quarter, ok := strings.CutSuffix(name, "s förening"); ok {
		return quarter
	}
	return ""
}
