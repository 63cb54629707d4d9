package handlers

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"samling/models"
)

// The examples of RFC 7396, appendix A.
func TestMerged_RFC7396(t *testing.T) {
	for _, s := range [][3]string{
		{`{"a":"b"}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"b"}`, `{"b":"c"}`, `{"a":"b","b":"c"}`},
		{`{"a":"b"}`, `{"a":null}`, `{}`},
		{`{"a":"b","b":"c"}`, `{"a":null}`, `{"b":"c"}`},
		{`{"a":["b"]}`, `{"a":"c"}`, `{"a":"c"}`},
		{`{"a":"c"}`, `{"a":["b"]}`, `{"a":["b"]}`},
		{`{"a":{"b":"c"}}`, `{"a":{"b":"d","c":null}}`, `{"a":{"b":"d"}}`},
		{`{"a":[{"b":"c"}]}`, `{"a":[1]}`, `{"a":[1]}`},
		{`["a","b"]`, `["c","d"]`, `["c","d"]`},
		{`{"a":"b"}`, `["c"]`, `["c"]`},
		{`{"a":"foo"}`, `null`, `null`},
		{`{"a":"foo"}`, `"bar"`, `"bar"`},
		{`{"e":null}`, `{"a":1}`, `{"e":null,"a":1}`},
		{`[1,2]`, `{"a":"b","c":null}`, `{"a":"b"}`},
		{`{}`, `{"a":{"bb":{"ccc":null}}}`, `{"a":{"bb":{}}}`},
	} {
		var target, patch, want any
		for i, into := range []*any{&target, &patch, &want} {
			if err := json.Unmarshal([]byte(s[i]), into); err != nil {
				t.Fatal(err)
			}
		}
		if got := merged(target, patch); !reflect.DeepEqual(got, want) {
			t.Errorf("%s with %s is %v, want %s", s[0], s[1], got, s[2])
		}
	}
}

// Whatever is sent, it is taken or refused with one of two codes, and what is
// taken can be made an event without a panic.
func FuzzEventForm(f *testing.F) {
	f.Add([]byte(townHall))
	f.Add([]byte(`{"rsvp":{"needed":null},"programme":[{"time":"2026-02-30"}],"place":{"latitude":1e308}}`))
	f.Add([]byte(`{"texts":{"en":{"title":"x"}},"capacity":1e2}`))
	s := &Server{Config: Config{Zone: "Europe/Stockholm", Site: "https://samling.test"}}
	f.Fuzz(func(t *testing.T, body []byte) {
		var form eventForm
		if err := decodeObject(body, &form); err != nil {
			if code := models.CodeOf(err); code != models.CodeInvalid && code != models.CodeMalformed {
				t.Errorf("%q: %v", body, err)
			}
			return
		}
		e := models.Event{Starts: time.Unix(0, 0)}
		if form.write(&e, s.Zone) == nil {
			_ = e.Validate()
			if _, err := json.Marshal(s.formOf(&e)); err != nil {
				t.Errorf("%q: %v", body, err)
			}
			if patch, err := objectLike(body, eventForm{}); err == nil {
				_ = s.patched(&e, patch)
			}
		}
	})
}

func FuzzParsePlace(f *testing.F) {
	f.Add("")
	f.Add(place{time.UnixMilli(5).UTC(), "x"}.String())
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := parsePlace(text)
		if again, fine := parsePlace(p.String()); ok && text != "" && (!fine || again != p) {
			t.Errorf("%q is %v, which reads back as %v", text, p, again)
		}
	})
}

func FuzzHeaders(f *testing.F) {
	f.Add(`W/"x", "y"`)
	f.Add("gzip;q=0.5, *;q=0")
	f.Fuzz(func(t *testing.T, header string) {
		takesGzip(header)
		if header == "*" != noneMatch(header, `"no such tag"`) && header != `"no such tag"` {
			for tag := range tags(header) {
				if tag == "*" || tag == `"no such tag"` || tag == `W/"no such tag"` {
					return
				}
			}
			t.Errorf("If-None-Match %q matches what it does not name", header)
		}
	})
}
