package models

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Fields are parts of an event by their names in its JSON form, each as it stands
// there; null where it says nothing.
type Fields map[string]json.RawMessage

// asFields is all of an event.
func (e *Event) asFields() (f Fields, err error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, err
	}
	return f, json.Unmarshal(b, &f)
}

// FieldsSince are the fields in which an event is another than it was: what they
// said, and what they say. What follows from others, or from what is done with the
// event, is not among them.
func (e *Event) FieldsSince(was *Event) (before, after Fields, err error) {
	then, err := was.asFields()
	if err != nil {
		return nil, nil, err
	}
	now, err := e.asFields()
	if err != nil {
		return nil, nil, err
	}
	before, after = Fields{}, Fields{}
	names := maps.Clone(then)
	maps.Copy(names, now)
	for name := range names {
		own := name != "status" && slices.Contains(ownFields(), name)
		if !own && !bytes.Equal(then[name], now[name]) {
			before[name], after[name] = orNull(then[name]), orNull(now[name])
		}
	}
	return before, after, nil
}

func orNull(text json.RawMessage) json.RawMessage {
	if text == nil {
		return json.RawMessage("null")
	}
	return text
}

// With is the event with these fields in the place of its own.
func (e Event) With(fields Fields) (Event, error) {
	all, err := e.asFields()
	if err != nil {
		return e, err
	}
	maps.Copy(all, fields)
	b, err := json.Marshal(all)
	if err != nil {
		return e, err
	}
	// Into nothing: what is left out would keep what it points at.
	out := Event{Document: e.Document}
	if err := json.Unmarshal(b, &out); err != nil {
		return e, err
	}
	return out, nil
}
