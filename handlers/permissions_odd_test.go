package handlers

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// odd is what no form of ours sends.
var odd = []string{
	"", "x", "-1", "99999999999999999999999", "1e9", "\xff\xfe", "a\x00b", strings.Repeat("å", 20_000),
	"00000000-0000-0000-0000-000000000000", "2026-02-30", "../../x", "=1+1", "\r\nX: y",
}

// TestOdd_IsNeverOurFault: whatever stands in the fields of a form of the desk or the
// door, or in its address, or is missing there, nobody is answered that we are at fault.
func TestOdd_IsNeverOurFault(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	g := newGate(t)
	role := len(roles) - 1
	for _, route := range g.routesReadFirst() {
		plain, prefix := inFirstLanguage(route.Path)
		if prefix != "" || !isDesk(plain) && !strings.HasPrefix(plain, doorPath) {
			continue
		}
		one := ask{gate: g, method: route.Method, route: plain, role: role, event: g.event(mattersOf(route.Method, plain)[0])}
		path, done := one.path(route.Path)
		send := func(path string, in url.Values) {
			t.Helper()
			r := must(http.NewRequestWithContext(g.ctx, route.Method, path, strings.NewReader(in.Encode())))
			r.Host = "samling.test"
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Cookie", "__Host-samling="+g.cookies[role]+"; __Secure-samling-door="+g.phone)
			resp, err := g.App().Test(r, -1)
			if err != nil {
				t.Fatalf("%s: %v", plain, err)
			}
			if body := must(io.ReadAll(resp.Body)); resp.StatusCode >= 500 {
				t.Errorf("%s %.60s %.200q: %d %.200s", route.Method, path, in, resp.StatusCode, body)
			}
			if plain == "/sign-out" {
				g.cookies[role] = g.signIn(addresses[role])
			}
		}
		if filled, err := url.ParseQuery(one.body()); writes(route.Method) && err == nil {
			names := slices.Sorted(maps.Keys(filled))
			for i, value := range odd {
				all := url.Values{}
				for _, name := range names {
					all.Set(name, value)
				}
				if len(value) < 1000 { // else the whole is larger than any form
					send(path, all)
				}
				for j, name := range names {
					in := maps.Clone(filled)
					if in[name] = []string{value}; (i+j)%len(odd) < 4 { // not each with each: they are many
						send(path, in)
					}
				}
			}
		}
		for i, part := range strings.Split(route.Path, "/") {
			if !strings.HasPrefix(part, ":") {
				continue
			}
			for _, value := range []string{"x", "00000000-0000-0000-0000-000000000000", "%FF%FE", "%00", strings.Repeat("7", 3000)} {
				parts := strings.Split(path, "/")
				parts[i] = value
				send(strings.Join(parts, "/"), url.Values{})
			}
		}
		done()
	}
}
