package demo

import (
	"time"

	"samling/models"
	"samling/planner"
)

// subject is what an ordinary event is about.
type subject struct {
	kind           models.Kind
	title, english string
	summary        string
	group          string // the working group that should hear of it
	place          string
}

var subjects = []subject{
	{models.TownHall, "Öppet möte om skolan", "Town hall on our schools", "Vad behöver skolorna här omkring? Kom och säg vad du tycker.", "barn-och-unga", "Folkets hus"},
	{models.YardParty, "Gårdsfest med korv och musik", "Yard party with sausages and music", "Vi grillar, spelar och pratar. Alla på gården är välkomna.", "stad-som-haller-ihop", "Innergården"},
	{models.Seminar, "Seminarium: elen och plånboken", "Seminar: electricity and your wallet", "Varför kostar elen som den gör, och vad kan staden göra åt det?", "klimat-och-el", "Biblioteket"},
	{models.RoundTable, "Rundabordssamtal om äldreomsorgen", "Round table on care for the elderly", "Tjugo platser, en fråga: hur vill vi bli gamla?", "valfard-och-halsa", "Kvartersgården"},
	{models.Consultation, "Rådslag om bostäderna", "Consultation on housing", "Medlemmar läser utkastet och säger vad som saknas.", "stad-for-vanligt-folk", "Expeditionen"},
	{models.Meeting, "Medlemsmöte", "Members' meeting", "Månadens möte med kaffe.", "", "Expeditionen"},
	{models.TownHall, "Torgmöte: jobben som försvann", "Square meeting: the jobs that went away", "Vi pratar om jobb, lön och utbildning. Ingen anmälan, det är bara att komma.", "arbete-och-tillvaxt", "Torget"},
	{models.Seminar, "Kvällskurs: så styrs staden", "Evening class: how the city is run", "Vem bestämmer vad, och hur påverkar man det?", "stad-som-haller-ihop", "Studiesalen"},
	{models.YardParty, "Loppis och fika på gården", "Flea market and coffee in the yard", "Ta med det du inte behöver och hitta det du saknar.", "stad-som-haller-ihop", "Innergården"},
	{models.RoundTable, "Samtal: trygg väg till skolan", "Conversation: a safe way to school", "Föräldrar, barn och politiker ritar på samma karta.", "barn-och-unga", "Fritidsgården"},
	{models.TownHall, "Fråga om vad du vill", "Ask us anything", "Två timmar, inga tal. Du frågar, vi svarar.", "", "Kaféet"},
	{models.Seminar, "Vården nära dig", "Health care close to you", "Om vårdcentraler, köer och vem som ska betala.", "valfard-och-halsa", "Folkets hus"},
	{models.Other, "Cykeltur genom kvarteren", "Bicycle tour of the neighbourhood", "Vi cyklar sakta och stannar där det byggs.", "stad-for-vanligt-folk", "Stationen"},
}

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
		case i%17 == 3:
			p.event.Capacity, p.event.SignUp.Needed = 12, true
			p.signUps = 14
		}
		if i%9 == 4 {
			p.event.CoHosts = []string{city.Associations[1+(i*7+3)%(len(city.Associations)-1)].ID}
			if p.event.CoHosts[0] == host.ID {
				p.event.CoHosts = nil
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
	y, m, d := starts.Date()
	clock := t.Starts + time.Duration(c.rand.IntN(3)-1)*30*time.Minute
	// By wall clock, since a day with a change of the hour has no 18 hours
	// before six in the evening.
	starts = time.Date(y, m, d, int(clock.Hours()), int(clock.Minutes())%60, 0, 0, starts.Location())
	yes, no, free := true, false, 0
	name := shortName(host.Name)
	e := models.Event{
		Kind: s.kind, Host: host.ID, Starts: starts, Audience: t.Audience, Capacity: t.Capacity,
		Text:   models.Text{Title: s.title + " i " + name, Summary: s.summary, Description: description(s, name)},
		Texts:  map[string]models.Text{"en": {Title: s.english + " in " + name}},
		Place:  models.Place{Name: s.place + " " + name, Address: "Exempelgatan " + string(rune('1'+c.rand.IntN(9)))},
		SignUp: models.SignUpRules{Needed: t.SignUp && s.place != "Torget"},
		Price:  &free, Food: &yes, Children: &yes,
		Contact: models.Contact{Name: "Expeditionen", Phone: "040-000 00 00", Email: host.Email},
	}
	if s.group != "" {
		e.Groups = []string{s.group}
	}
	if s.kind == models.YardParty {
		e.Indoors = &no
	} else {
		e.Indoors = &yes
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

func description(s subject, name string) string {
	return s.summary + "\n\n- Vi bjuder på fika\n- Barn är välkomna\n- Du behöver inte vara medlem\n\n**" + name + "** är värd, och det som sägs går vidare till arbetsgruppen."
}

// shortName is an association's place, as people say it: its name without the
// genitive and the word for association.
func shortName(name string) string {
	for _, suffix := range []string{"s förening", " förening"} {
		if n := len(name) - len(suffix); n > 0 && name[n:] == suffix {
			return name[:n]
		}
	}
	return name
}
