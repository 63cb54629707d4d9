package handlers

import (
	"net/http"
	"strings"
	"testing"
)

// Who may do what at every address of the API that is about one event: a public
// one of husie's.
func TestPermissions_EveryRoute(t *testing.T) {
	const walkIn = `{"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":3}`
	// The statuses for the public, a wrong token, an organiser of another
	// association, one of the host, and a coordinator.
	table := map[string]struct {
		body string
		want [5]int
	}{
		"GET /openapi.json":             {"", [5]int{200, 200, 200, 200, 200}},
		"GET /associations":             {"", [5]int{200, 200, 200, 200, 200}},
		"GET /groups":                   {"", [5]int{200, 200, 200, 200, 200}},
		"GET /districts":                {"", [5]int{200, 200, 200, 200, 200}},
		"GET /kinds":                    {"", [5]int{200, 200, 200, 200, 200}},
		"GET /events":                   {"", [5]int{200, 401, 200, 200, 200}},
		"POST /events":                  {townHall, [5]int{401, 401, 403, 201, 201}},
		"GET /events/:event":            {"", [5]int{200, 401, 200, 200, 200}},
		"PATCH /events/:event":          {`{"summary":"x"}`, [5]int{401, 401, 403, 200, 200}},
		"POST /events/:event/publish":   {"", [5]int{401, 401, 403, 200, 200}},
		"POST /events/:event/postpone":  {"", [5]int{401, 401, 403, 200, 200}},
		"POST /events/:event/cancel":    {"", [5]int{401, 401, 403, 200, 200}},
		"POST /events/:event/rsvps":     {person("ada"), [5]int{201, 401, 201, 201, 201}},
		"GET /events/:event/attendance": {"", [5]int{401, 401, 403, 200, 200}},
		"POST /events/:event/checkins":  {walkIn, [5]int{401, 401, 403, 204, 204}},
	}
	c := newCity(t)
	for _, r := range c.App().GetRoutes(true) {
		path, ours := strings.CutPrefix(r.Path, apiRoot)
		if !ours || r.Method == http.MethodHead {
			continue
		}
		row, ok := table[r.Method+" "+path]
		if !ok {
			t.Errorf("nobody has said who may %s %s", r.Method, path)
			continue
		}
		for i, token := range []string{"", "samling_WRONG", c.videdal, c.husie, c.office} {
			at := c.published(townHall) // anew for each, since some end it
			url := strings.Replace(apiRoot+path, "/events/:event", strings.TrimPrefix(at, apiRoot), 1)
			if !strings.Contains(path, ":event") {
				url = apiRoot + path
			}
			body := strings.Replace(row.body, "000000000001", "00000000000"+string(rune('1'+i)), 1)
			var headers []string
			if token != "" {
				headers = []string{"token", token}
			}
			if a := c.ask(r.Method, url, body, headers...); a.StatusCode != row.want[i] {
				t.Errorf("%s %s as number %d: %d, want %d: %s", r.Method, path, i, a.StatusCode, row.want[i], a.body)
			}
		}
	}
}
