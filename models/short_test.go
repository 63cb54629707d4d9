package models

import (
	"strings"
	"testing"
)

func TestShortCode_TellsEventsApart(t *testing.T) {
	seen := map[string]string{}
	for _, event := range []string{"a", "b", "0197a1b2-0000-7000-8000-00000000000a"} {
		for attempt := range 50 {
			code := ShortCode(event, attempt)
			if len(code) != ShortLength || strings.Trim(code, shortLetters) != "" {
				t.Errorf("%s, attempt %d: %q", event, attempt, code)
			}
			if code != ShortCode(event, attempt) {
				t.Errorf("%s, attempt %d: another code the second time", event, attempt)
			}
			if other := seen[code]; other != "" {
				t.Errorf("%s and %s both try %q", event, other, code)
			}
			seen[code] = event
		}
	}
}

func TestShortLetters_AreUnmistakable(t *testing.T) {
	for _, alike := range []string{"0o", "1li", "2z", "5s", "6b", "9gq", "uv"} {
		among := 0
		for _, r := range alike {
			among += strings.Count(shortLetters, string(r))
		}
		if among > 1 {
			t.Errorf("more than one of %q", alike)
		}
	}
	if strings.ContainsAny(shortLetters, "aeiouyåäö") {
		t.Error("with vowels codes can be words")
	}
}
