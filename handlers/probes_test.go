package handlers

import (
	"testing"

	"samling/planner"
)

// What samling doctor goes by: who answers, and whom it takes the client for.
func TestHealthz_SaysWhoAnswersWhom(t *testing.T) {
	c := newCityWith(t, func(c *Config) { c.TrustedProxies = []string{"0.0.0.0/32", "10.0.0.0/8"} })
	distrusting := newCity(t)
	for _, test := range []struct {
		name, header, want string
		of                 *city
	}{
		{"nobody between", "", "direct 0.0.0.0", c},
		{"a proxy", "198.51.100.7", "forwarded 198.51.100.7", c},
		{"two proxies and a liar", "192.0.2.1, 198.51.100.7, 10.0.0.9", "forwarded 198.51.100.7", c},
		{"a proxy that talks nonsense", "somebody", "forwarded 0.0.0.0", c},
		{"somebody who is not trusted", "192.0.2.1", "ignored 0.0.0.0", distrusting},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := test.of.ask("GET", "/healthz", "", "X-Forwarded-For", test.header)
			got.want(t, 200)
			if seen := got.Header.Get(HeaderClient); seen != test.want {
				t.Errorf("seen as %q, want %q", seen, test.want)
			}
			chain := test.of.Planner.Keys.Vault().ID()
			if mark := got.Header.Get(HeaderInstallation); mark != planner.Mark(chain) || mark == chain || len(mark) != 16 {
				t.Errorf("the installation calls itself %q", mark)
			}
		})
	}
}
