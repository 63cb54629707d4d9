package models

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

func TestFields_LeadBothWays(t *testing.T) {
	for name, change := range map[string]func(*Event){
		"a text":            func(e *Event) { e.Title = "Rådslag" },
		"nothing any more":  func(e *Event) { e.Summary, e.Place, e.Access = "", Place{}, Access{} },
		"another hour":      func(e *Event) { e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour) },
		"a life":            func(e *Event) { e.Status, e.Reason = Cancelled, "Regn" },
		"a list":            func(e *Event) { e.CoHosts, e.Groups = []string{"ostra"}, nil },
		"a fact":            func(e *Event) { e.Price, e.Food = a(0), nil },
		"a shorter list":    func(e *Event) { e.Programme = e.Programme[:1] },
		"sign-up":           func(e *Event) { e.SignUp.MaxParty, e.SignUp.Ask = 0, nil },
		"another language":  func(e *Event) { e.Texts = map[string]Text{"en": {Title: "Town hall"}} },
		"nothing whatever":  func(*Event) {},
		"what we count":     func(e *Event) { e.Sequence, e.Updated, e.Unsettled = 7, e.Updated.Add(time.Hour), true },
		"the other members": func(e *Event) { e.Audience = Members },
	} {
		t.Run(name, func(t *testing.T) {
			was := townHall()
			was.Summary, was.Place, was.Access = "Kom!", Place{Name: "Aulan", Latitude: a(55.6), Longitude: a(13.0)}, Access{StepFree: a(true)}
			was.Groups, was.Food, was.SignUp.MaxParty, was.SignUp.Ask = []string{"klimat"}, a(true), 3, []Question{AskFood}
			was.Programme = []Item{{Title: "Fika"}, {Title: "Tal", Time: was.Starts}}
			was.Texts = map[string]Text{"ar": {Title: "x"}}
			is := was
			is.Programme = slices.Clone(was.Programme)
			change(&is)
			before, after, err := is.FieldsSince(&was)
			if err != nil {
				t.Fatal(err)
			}
			forth, err := was.With(after)
			if err != nil {
				t.Fatal(err)
			}
			is.Sequence, is.Updated, is.Unsettled = was.Sequence, was.Updated, was.Unsettled
			if !reflect.DeepEqual(forth, is) {
				t.Errorf("with %v it is\n%+v, want\n%+v", after, forth, is)
			}
			if back, err := is.With(before); err != nil || !reflect.DeepEqual(back, was) {
				t.Errorf("with %v it is (%v)\n%+v, want\n%+v", before, err, back, was)
			}
		})
	}
}
