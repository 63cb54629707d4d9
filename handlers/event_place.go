package handlers

import (
	"net/url"
	"strconv"

	"samling/locale"
	"samling/models"
)

// mapsOf are maps of a place: of its point when that is known, and otherwise of
// what a search finds. Nothing is asked of a map's owner before somebody follows
// its link.
func mapsOf(p models.Place) []link {
	const street, google, apple = "https://www.openstreetmap.org/", "https://www.google.com/maps/search/?", "https://maps.apple.com/?"
	switch {
	case p.Latitude != nil && p.Longitude != nil:
		lat, lon := degrees(*p.Latitude), degrees(*p.Longitude)
		return []link{
			{"OpenStreetMap", street + "?mlat=" + lat + "&mlon=" + lon + "#map=17/" + lat + "/" + lon},
			{"Google Maps", google + url.Values{"api": {"1"}, "query": {lat + "," + lon}}.Encode()},
			{"Apple Maps", apple + url.Values{"ll": {lat + "," + lon}, "q": {p.Line()}}.Encode()},
		}
	case p.Address != "":
		return []link{
			{"OpenStreetMap", street + "search?" + url.Values{"query": {p.Line()}}.Encode()},
			{"Google Maps", google + url.Values{"api": {"1"}, "query": {p.Line()}}.Encode()},
			{"Apple Maps", apple + url.Values{"q": {p.Line()}}.Encode()},
		}
	}
	return nil
}

// degrees are to a tenth of a metre.
func degrees(f float64) string { return strconv.FormatFloat(f, 'f', 6, 64) }

// access says what is known of getting in; what is not known is not said.
func access(p *locale.Printer, a models.Access) []string {
	var out []string
	for _, fact := range []struct {
		is  *bool
		key string
	}{{a.StepFree, "step-free"}, {a.Toilet, "toilet"}, {a.HearingLoop, "hearing-loop"}} {
		switch {
		case fact.is == nil:
		case *fact.is:
			out = append(out, p.T("calendar."+fact.key))
		default:
			out = append(out, p.T("calendar.no-"+fact.key))
		}
	}
	return out
}
