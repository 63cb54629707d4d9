package models

import "time"

// Taken is what an association's own calendar last said of an event that was
// taken over from it.
type Taken struct {
	Title       string    `json:"title"`
	Description string    `json:"description,omitempty"`
	Starts      time.Time `json:"starts"`
	Ends        time.Time `json:"ends"`
	DateOnly    bool      `json:"date_only,omitempty"`
	TimeZone    string    `json:"time_zone"`
	Preliminary bool      `json:"preliminary,omitempty"`
	Place       Place     `json:"place,omitzero"`
	OnlineURL   string    `json:"online_url,omitempty"`
}

// says is what the event itself says of what a calendar can say, as it is kept.
func (e *Event) says() Taken {
	e = new(e.cleaned())
	return Taken{
		Title: e.Title, Description: e.Description, Starts: e.Starts, Ends: e.Ends, DateOnly: e.DateOnly,
		TimeZone: e.TimeZone, Preliminary: e.Preliminary, Place: e.Place, OnlineURL: e.OnlineURL,
	}
}

// Take brings the event up to what its calendar says of it, but for what somebody
// has changed here.
func (e *Event) Take(from *Event) {
	taken, is := from.says(), e.says()
	own := is.changed(e.Taken)
	next := taken
	for _, name := range own {
		next.keep(name, is)
	}
	e.Title, e.Description = next.Title, next.Description
	e.Starts, e.Ends, e.DateOnly, e.TimeZone = next.Starts, next.Ends, next.DateOnly, next.TimeZone
	e.Preliminary, e.Place, e.OnlineURL = next.Preliminary, next.Place, next.OnlineURL
	e.Taken = &taken
}

// Own are the fields that say something else here than in the event's calendar,
// by their names in the JSON form: somebody changed them, and they are not
// overwritten. "starts" stands for all of its time, "place" for all of its place.
func (e *Event) Own() []string { return e.says().changed(e.Taken) }

// changed are the fields in which two differ. Of an event whose calendar is not
// known to have said anything, none.
func (t Taken) changed(from *Taken) []string {
	if from == nil {
		return nil
	}
	var out []string
	for _, field := range []struct {
		name string
		same bool
	}{
		{"title", t.Title == from.Title},
		{"description", t.Description == from.Description},
		{"starts", t.Starts.Equal(from.Starts) && t.Ends.Equal(from.Ends) && t.DateOnly == from.DateOnly && t.TimeZone == from.TimeZone},
		{"preliminary", t.Preliminary == from.Preliminary},
		{"place", t.Place.same(from.Place)},
		{"online_url", t.OnlineURL == from.OnlineURL},
	} {
		if !field.same {
			out = append(out, field.name)
		}
	}
	return out
}

// keep leaves one field as it is.
func (t *Taken) keep(name string, is Taken) {
	switch name {
	case "title":
		t.Title = is.Title
	case "description":
		t.Description = is.Description
	case "starts":
		t.Starts, t.Ends, t.DateOnly, t.TimeZone = is.Starts, is.Ends, is.DateOnly, is.TimeZone
	case "preliminary":
		t.Preliminary = is.Preliminary
	case "place":
		t.Place = is.Place
	case "online_url":
		t.OnlineURL = is.OnlineURL
	}
}

// same reports whether two places say the same.
func (p Place) same(other Place) bool {
	return p.Name == other.Name && p.Address == other.Address &&
		sameNumber(p.Latitude, other.Latitude) && sameNumber(p.Longitude, other.Longitude)
}

func sameNumber(a, b *float64) bool {
	return a == b || a != nil && b != nil && *a == *b
}

// IsTaken reports whether the event already has all that its calendar says in
// from, which is known by the same Source.
func (e *Event) IsTaken(from *Event) bool {
	return e.Taken != nil && e.Source == from.Source && len(from.says().changed(e.Taken)) == 0
}
