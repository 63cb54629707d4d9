package models

import (
	"strings"
	"testing"
)

func TestSettings_Validate(t *testing.T) {
	for name, c := range map[string]struct {
		settings Settings
		right    bool
	}{
		"nothing":                 {Settings{}, true},
		"an office":               {Settings{Office: Contact{Name: "Kansliet", Phone: "040-123 45", Email: "kansliet@example.org"}}, true},
		"an address that is none": {Settings{Office: Contact{Email: "kansliet"}}, false},
		"a phone that is none":    {Settings{Office: Contact{Phone: "fråga i receptionen"}}, false},
		"a phone in two lines":    {Settings{Office: Contact{Phone: "040\n123 45"}}, false},
		"a name without end":      {Settings{Office: Contact{Name: strings.Repeat("k", MaxName+1)}}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := c.settings.Validate(); (err == nil) != c.right {
				t.Errorf("got %v, want right: %v", err, c.right)
			}
		})
	}
}
