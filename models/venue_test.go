package models

import "testing"

func TestTakePlace(t *testing.T) {
	v := Venue{
		Name: "Folkets hus", Address: "Exempelgatan 5", District: "norr", Capacity: 60, Indoors: new(true),
		Access: Access{StepFree: new(true), Toilet: new(false), Notes: "Hiss till höger."},
	}
	bare := Event{Status: Draft, Place: Place{Name: "folkets HUS"}}
	bare.TakePlace(v)
	if bare.Place != (Place{Name: "Folkets hus", Address: "Exempelgatan 5"}) || bare.District != "norr" || bare.Capacity != 60 ||
		!*bare.Access.StepFree || *bare.Access.Toilet || bare.Access.HearingLoop != nil || bare.Access.Notes != "Hiss till höger." || !*bare.Indoors {
		t.Errorf("it is %+v", bare)
	}
	own := Event{Status: Published, District: "oster", Place: Place{Address: "Gården bakom"}, Access: Access{StepFree: new(false), Notes: "Ring på."}}
	own.TakePlace(v)
	if own.Place.Address != "Gården bakom" || own.District != "norr" || *own.Access.StepFree || own.Access.Notes != "Ring på." || own.Capacity != 0 {
		t.Errorf("what it said itself was replaced: %+v", own)
	}
	*v.Access.Toilet = true
	if *bare.Access.Toilet {
		t.Error("the event changes with the venue")
	}
}
