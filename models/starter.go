package models

import "time"

// Starter is an event without its days that somebody keeps under a name, to begin
// new ones from.
type Starter struct {
	Document
	Name string `json:"name"`
	// Host is the slug of the association or group whose it is; empty: the whole
	// city's.
	Host  string    `json:"host,omitempty"`
	Event Event     `json:"event"`
	Made  time.Time `json:"made"`
}

// MaxStarters is the most that one association keeps, and the city.
const MaxStarters = 50

// Validate returns the wrong fields.
func (s *Starter) Validate() error {
	var f Faults
	CheckLine(&f, "name", s.Name, true, MaxName)
	return f.Err()
}

// MayKeep reports whether an organiser may change what is kept for a host; for the
// city, with an empty one, only coordinators.
func (o *Organiser) MayKeep(host string) bool {
	if host == "" {
		return o.MayOversee()
	}
	return o.WorksFor(host)
}
