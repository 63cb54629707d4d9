package handlers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"samling/models"
)

// lines are the values of a field that has one on each line.
func (f form) lines(name string) []string { return form{"": strings.Split(f.get(name), "\n")}.list("") }

// routeLines are the places of a march, one on each line, with their points behind
// those that have one.
func routeLines(route []models.Place) string {
	lines := make([]string, len(route))
	for i, stop := range route {
		lines[i] = stop.Line()
		if stop.Latitude != nil && stop.Longitude != nil {
			lines[i] += fmt.Sprintf(" (%v, %v)", *stop.Latitude, *stop.Longitude)
		}
	}
	return strings.Join(lines, "\n")
}

// stopForm is a place with its point behind it, as maps give it when one copies it.
var stopForm = regexp.MustCompile(`^(.+?) *\( *(-?[0-9]{1,3}(?:\.[0-9]{1,12})?) *, *(-?[0-9]{1,3}(?:\.[0-9]{1,12})?) *\)$`)

// readRoute is what routeLines writes.
func readRoute(lines []string) []models.Place {
	var route []models.Place
	for _, line := range lines {
		stop := models.Place{Name: line}
		if m := stopForm.FindStringSubmatch(line); m != nil {
			lat, _ := strconv.ParseFloat(m[2], 64) // both are numbers by their form
			lon, _ := strconv.ParseFloat(m[3], 64)
			stop = models.Place{Name: m[1], Latitude: &lat, Longitude: &lon}
		}
		route = append(route, stop)
	}
	return route
}
