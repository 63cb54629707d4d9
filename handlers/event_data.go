package handlers

import (
	"strconv"
	"time"

	"samling/locale"
	"samling/models"
)

// eventData is an event as search engines read it: an Event of schema.org as
// JSON-LD. It says nothing that the page does not.
func (s *Server) eventData(p *locale.Printer, m moment, e *models.Event, text models.Text, seats models.Seats, here, picture string) map[string]any {
	day := func(t time.Time) string {
		if e.DateOnly {
			return t.In(e.Location()).Format(time.DateOnly)
		}
		return t.In(e.Location()).Format(time.RFC3339)
	}
	last := e.Ends
	if e.DateOnly {
		last = last.In(e.Location()).AddDate(0, 0, -1) // the last day, not the midnight after
	}
	data := map[string]any{
		"@context": "https://schema.org", "@type": "Event", "name": text.Title, "url": here, "image": []string{picture},
		"startDate": day(e.Starts), "endDate": day(last), "eventStatus": "https://schema.org/EventScheduled",
		"organizer": s.organizers(p, m, e.Hosts()),
	}
	if shows := photoOf(e); shows != nil {
		data["image"] = []string{picture, s.Site + shows.Large}
	}
	if e.Price != nil {
		data["isAccessibleForFree"] = *e.Price == 0
	}
	if text.Summary != "" {
		data["description"] = text.Summary
	}
	switch {
	case e.Status == models.Cancelled:
		data["eventStatus"] = "https://schema.org/EventCancelled"
	case e.Status == models.Postponed:
		data["eventStatus"] = "https://schema.org/EventPostponed"
	case !e.Moved.TimeAt.IsZero():
		data["eventStatus"], data["previousStartDate"] = "https://schema.org/EventRescheduled", e.Moved.Starts.In(e.Location()).Format(time.RFC3339)
	}
	if e.Place.Line()+e.OnlineURL != "" {
		data["location"], data["eventAttendanceMode"] = whereOf(e)
	}
	if len(e.Spoken) > 0 {
		data["inLanguage"] = e.Spoken
	}
	if e.Price != nil && e.Status == models.Published {
		offer := map[string]any{
			"@type": "Offer", "price": strconv.Itoa(*e.Price), "priceCurrency": "SEK", "url": here, "availability": "https://schema.org/InStock",
		}
		if seats == models.SeatsFull {
			offer["availability"] = "https://schema.org/SoldOut"
		}
		if !e.SignUp.Opens.IsZero() {
			offer["validFrom"] = e.SignUp.Opens.In(e.Location()).Format(time.RFC3339)
		}
		data["offers"] = offer
	}
	if parent, err := m.view.find(m.catalogue, e.Parent); err == nil {
		words, _ := parent.In(p.Language(), s.Language)
		data["superEvent"] = map[string]any{"@type": "Event", "name": words.Title, "url": s.Site + s.prefix(p.Language()) + m.view.event(parent.Slug)}
	}
	return data
}

// whereOf is where an event is, and the word for how one takes part.
func whereOf(e *models.Event) (location any, mode string) {
	place := map[string]any{"@type": "Place", "name": e.Place.Name}
	if e.Place.Name == "" {
		place["name"] = e.Place.Address
	}
	if e.Place.Address != "" {
		place["address"] = e.Place.Address
	}
	if e.Place.Latitude != nil && e.Place.Longitude != nil {
		place["geo"] = map[string]any{"@type": "GeoCoordinates", "latitude": *e.Place.Latitude, "longitude": *e.Place.Longitude}
	}
	online := map[string]any{"@type": "VirtualLocation", "url": e.OnlineURL}
	const modes = "https://schema.org/"
	switch {
	case e.OnlineURL == "":
		return place, modes + "OfflineEventAttendanceMode"
	case e.Place.Line() == "":
		return online, modes + "OnlineEventAttendanceMode"
	}
	return []any{place, online}, modes + "MixedEventAttendanceMode"
}

func (s *Server) organizers(p *locale.Printer, m moment, slugs []string) []any {
	var out []any
	for _, host := range s.hostLinks(p, m.catalogue, slugs) {
		out = append(out, map[string]any{"@type": "Organization", "name": host.Name, "url": s.Site + host.Href})
	}
	return out
}
