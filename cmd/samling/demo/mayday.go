package demo

import (
	"context"
	"time"

	"samling/models"
)

// mayDay is the coming first of May: the whole day, and the parts that
// associations hold of it.
func (c *City) mayDay(ctx context.Context) error {
	year := c.midnight.Year()
	if c.midnight.YearDay() > 121 {
		year++
	}
	at := func(hour, minute int) time.Time {
		return time.Date(year, time.May, 1, hour, minute, 0, 0, c.midnight.Location())
	}
	item := func(when time.Time, about bool, title, speaker, place string) models.Item {
		return models.Item{Time: when, Approximate: about, Title: title, Speaker: speaker, Place: place}
	}
	stop := func(name string, latitude, longitude float64) models.Place {
		return models.Place{Name: name, Latitude: &latitude, Longitude: &longitude}
	}
	free := 0
	yes := true
	day := models.Event{
		Kind: models.MayDay, Host: Central, Slug: "forsta-maj", Starts: at(12, 0), Ends: at(17, 0), Preliminary: true,
		Text: models.Text{
			Title:       "Första maj: samling, tåg, tal",
			Summary:     "Hela staden samlas, går tillsammans och lyssnar på tal i parken.",
			Description: "Preliminärt program. Tåget går från torget till parken. Ta med fanor, barn och grannar.\n\nEfter talen blir det musik, fika och lekar.",
		},
		Texts:    map[string]models.Text{"en": {Title: "May Day: assembly, march, speeches", Summary: "The whole city gathers, walks together and listens to speeches in the park.", Description: "The programme is preliminary. The march goes from the square to the park. Bring banners, children and neighbours.\n\nAfter the speeches there is music, coffee and games."}},
		Place:    models.Place{Name: "Exempeltorget", Address: "Exempeltorget 1"},
		District: "innerstaden", Price: &free, Children: &yes, Food: &yes,
		Programme: []models.Item{
			item(at(12, 0), false, "Samling", "", "Exempeltorget"),
			item(at(13, 0), true, "Tåget går", "", "Exempeltorget"),
			item(at(14, 0), true, "Tal", "Prova Exempelsson, stadsorganisationen", "Provparken"),
			item(at(14, 30), true, "Tal", "Testa Demostrand, ungdomsförbundet", "Provparken"),
			item(at(15, 0), true, "Musik, fika och lekar", "", "Provparken"),
		},
		Rain: "Talen hålls i Provhallen. Tåget går ändå.",
		March: models.March{
			Route: []models.Place{
				stop("Exempeltorget", 55.5935, 13.0215), stop("Övningsgatan", 55.5950, 13.0150), stop("Testbron", 55.5985, 13.0105),
				stop("Modellplatsen", 55.5975, 13.0020), stop("Provparken", 55.5925, 12.9985),
			},
			Order: []string{"Exempelorkestern", Central, "unga-i-malmo", "mollevangen", "kirseberg", "rosengard", "limhamn", "husie", "Fackförbunden", "Alla andra som vill"},
		},
	}
	part := func(host, slug, title, english, place string, starts, ends time.Time) models.Event {
		return models.Event{
			Kind: models.MayDay, Host: host, Slug: slug, Parent: "forsta-maj", Starts: starts, Ends: ends,
			Text:  models.Text{Title: title, Summary: "En del av första maj i staden."},
			Texts: map[string]models.Text{"en": {Title: english, Summary: "A part of May Day in the city."}},
			Place: models.Place{Name: place}, Price: &free, Children: &yes,
		}
	}
	evening := part("unga-i-malmo", "forsta-maj-konsert", "Konsert under lindarna", "Concert under the lime trees", "Provparken", at(18, 0), at(20, 0))
	evening.Preliminary = true
	for _, e := range []models.Event{
		day,
		part("mollevangen", "forsta-maj-frukost", "Första maj-frukost", "May Day breakfast", "Kaféet Exempel", at(9, 30), at(11, 30)),
		part("unga-i-malmo", "forsta-maj-fanor", "Vi målar fanor", "We paint banners", "Provverkstaden", at(10, 0), at(11, 45)),
		part("kirseberg", "forsta-maj-tag-kirseberg", "Eget tåg från Kirseberg", "A march of our own from Kirseberg", "Kirsebergs torg", at(11, 15), at(12, 0)),
		part("limhamn", "forsta-maj-familj", "Lekar och dans för barn", "Games and dancing for children", "Provparken", at(15, 0), at(17, 0)),
		evening,
	} {
		if err := c.live(ctx, planned{event: e}); err != nil {
			return err
		}
	}
	return nil
}
