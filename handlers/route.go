package handlers

import (
	"math"
	"strconv"
	"strings"

	"samling/models"
)

// route is the way of a march as a drawing: a line with a numbered point for each
// place. It is not a map: no tiles are fetched from anybody.
type route struct {
	Width, Height int
	Line          string // the points of a polyline
	Stops         []stop
}

// stop is one place of a route.
type stop struct {
	Number int
	Name   string
	X, Y   string
}

// The size of the drawing, in units of its own, and how much of it is free around
// the line.
const routeWidth, routeHeight, routeMargin = 600.0, 360.0, 28.0

// routeOf draws the way of a march: as on a map where all its places have points,
// and otherwise as a line on which they stand one after the other. nil: there is no
// way to draw.
func routeOf(places []models.Place) *route {
	if len(places) < 2 {
		return nil
	}
	xs, ys := onMap(places)
	height := routeHeight
	if xs == nil {
		height = 2 * routeMargin
		for i := range places {
			xs = append(xs, routeMargin+float64(i)*(routeWidth-2*routeMargin)/float64(len(places)-1))
			ys = append(ys, routeMargin)
		}
	}
	r := &route{Width: int(routeWidth), Height: int(height)}
	var line []string
	for i, place := range places {
		x, y := strconv.FormatFloat(xs[i], 'f', 1, 64), strconv.FormatFloat(ys[i], 'f', 1, 64)
		r.Stops = append(r.Stops, stop{i + 1, place.Line(), x, y})
		line = append(line, x+","+y)
	}
	r.Line = strings.Join(line, " ")
	return r
}

// onMap are the places of points on the drawing, north at the top; nil when a point
// is not known, or all are the same. In a city the earth is flat: a degree of
// longitude is as many of latitude as the cosine says.
func onMap(places []models.Place) (xs, ys []float64) {
	west, south, east, north := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range places {
		if p.Latitude == nil || p.Longitude == nil {
			return nil, nil
		}
		west, east = min(west, *p.Longitude), max(east, *p.Longitude)
		south, north = min(south, *p.Latitude), max(north, *p.Latitude)
	}
	narrow := math.Cos((north + south) / 2 * math.Pi / 180)
	wide, high := (east-west)*narrow, north-south
	if wide == 0 && high == 0 {
		return nil, nil
	}
	scale := min((routeWidth-2*routeMargin)/max(wide, 1e-9), (routeHeight-2*routeMargin)/max(high, 1e-9))
	for _, p := range places {
		xs = append(xs, routeWidth/2+((*p.Longitude-west)*narrow-wide/2)*scale)
		ys = append(ys, routeHeight/2-((*p.Latitude-south)-high/2)*scale)
	}
	return xs, ys
}
