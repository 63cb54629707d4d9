package models

import "strings"

// Venue is a place that is used again: what there is to know of it is written
// once.
type Venue struct {
	Document
	// Association is whose it is, by its slug; empty: the whole city's.
	Association string `json:"association,omitempty"`
	Name        string `json:"name"`
	Address     string `json:"address,omitempty"`
	District    string `json:"district,omitempty"` // slug
	Access      Access `json:"access,omitzero"`
	Indoors     *bool  `json:"indoors,omitempty"`
	// Capacity is how many people it takes; 0: nobody has said.
	Capacity int `json:"capacity,omitempty"`
}

// Validate returns the wrong fields, with the names that they have on an event.
func (v Venue) Validate() error {
	var f Faults
	CheckLine(&f, "place.name", v.Name, true, MaxLine)
	CheckLine(&f, "place.address", v.Address, false, MaxLine)
	CheckText(&f, "access.notes", v.Access.Notes, false, MaxNote)
	if v.Capacity < 0 || v.Capacity > MaxCapacity {
		f.Add("capacity", "out-of-range", "From", 0, "To", MaxCapacity)
	}
	return f.Err()
}

// Named reports whether that is what people call it.
func (v Venue) Named(name string) bool {
	return strings.EqualFold(strings.TrimSpace(name), v.Name)
}

// TakePlace fills in what is known of the venue and the event does not say. What was
// said of the place stays, but for the district, which is as often the host's.
func (e *Event) TakePlace(v Venue) {
	e.Place.Name = v.Name
	if e.Place.Address == "" {
		e.Place.Address = v.Address
	}
	if v.District != "" {
		e.District = v.District
	}
	for _, fact := range []struct {
		said  **bool
		known *bool
	}{
		{&e.Access.StepFree, v.Access.StepFree}, {&e.Access.Toilet, v.Access.Toilet}, {&e.Access.HearingLoop, v.Access.HearingLoop}, {&e.Indoors, v.Indoors},
	} {
		if *fact.said == nil && fact.known != nil {
			*fact.said = new(*fact.known)
		}
	}
	if e.Access.Notes == "" {
		e.Access.Notes = v.Access.Notes
	}
	if e.Capacity == 0 && e.Status == Draft {
		e.Capacity = v.Capacity
	}
}

// VenueOf is what can be kept of an event's place.
func VenueOf(e *Event) Venue {
	return Venue{
		Association: e.Host, Name: e.Place.Name, Address: e.Place.Address, District: e.District, Access: e.Access, Indoors: e.Indoors,
	}
}
