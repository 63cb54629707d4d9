package handlers

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/gofiber/fiber/v2"

	"samling/models"
)

// permissionsFile says who may do what at every route. A route that is new gets its
// row by -update; whether the row is right is for whoever writes it to read.
const permissionsFile = "testdata/permissions.txt"

const permissionsHead = `# Who is answered what at every route, in one line each, by address.
#
# The columns are roles: %s.
# Between the bars stands what the route is about:
#   of an event:     their own | a draft of their own | another's | another's draft
#   of other things: their own | another's
#   of nothing:      one column
# An answer is its status. "who": asked to sign in; "2nd": asked for a second factor. HEAD is as GET, and other languages
# are as the first.
#
# Made by: go test ./handlers -run TestPermissions -update
`

// verdicts are what a route answers: for each matter, to each of the roles.
type verdicts [][]string

func (r verdicts) String() string {
	var out []string
	for _, answers := range r {
		out = append(out, strings.Join(answers, " "))
	}
	return strings.Join(out, " | ")
}

// readPermissions are the rows of the file by their routes.
func readPermissions(t *testing.T) map[string]verdicts {
	t.Helper()
	rows := map[string]verdicts{}
	for line := range strings.Lines(string(must(os.ReadFile(permissionsFile)))) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[0] == "#" {
			continue
		}
		var r verdicts
		for block := range strings.SplitSeq(strings.Join(fields[2:], " "), " | ") {
			r = append(r, strings.Fields(block))
		}
		rows[fields[0]+" "+fields[1]] = r
	}
	return rows
}

func writePermissions(t *testing.T, rows map[string]verdicts) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, permissionsHead, strings.Join(roles, ", "))
	byAddress := func(a, b string) int {
		am, ap, _ := strings.Cut(a, " ")
		bm, bp, _ := strings.Cut(b, " ")
		return cmp.Or(cmp.Compare(ap, bp), cmp.Compare(am, bm))
	}
	for _, route := range slices.SortedFunc(maps.Keys(rows), byAddress) {
		method, path, _ := strings.Cut(route, " ")
		fmt.Fprintf(&b, "%-5s %-54s %s\n", method, path, rows[route])
	}
	if err := os.WriteFile(permissionsFile, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestPermissions_EveryRoute(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	g := newGate(t)
	rows, asked, answers, known := readPermissions(t), map[string]bool{}, 0, 0
	if *update {
		clear(rows)
	}
	for _, route := range g.routesReadFirst() {
		plain, _ := inFirstLanguage(route.Path)
		key := strings.Replace(route.Method, fiber.MethodHead, fiber.MethodGet, 1) + " " + plain
		asked[key] = true
		known++
		t.Run(route.Method+" "+route.Path, func(t *testing.T) {
			got := g.answers(t, route.Method, route.Path)
			if _, ok := rows[key]; !ok && *update {
				rows[key] = got
			}
			want, ok := rows[key]
			if !ok {
				t.Fatalf("has no row in %s; it would be\n%s", permissionsFile, got)
			}
			if got.String() != want.String() {
				t.Errorf("answers\n%s, want\n%s", got, want)
			}
			for _, block := range got {
				answers += len(block)
			}
		})
	}
	if *update {
		writePermissions(t, rows)
	}
	for key := range rows {
		if !asked[key] {
			t.Errorf("%s has a row in %s and no route", key, permissionsFile)
		}
	}
	t.Logf("%d rows × %d roles: %d answers of %d routes, other languages and HEAD among them", len(rows), len(roles), answers, known)
}

// What holds for every row, the next one too.
func TestPermissions_Rules(t *testing.T) {
	rows := readPermissions(t)
	if len(rows) < 100 {
		t.Fatalf("only %d rows", len(rows))
	}
	column := func(name string) int { return slices.Index(roles, name) }
	public, door, foreign, coHost, host, group, mailed, office := column("anonymous"), column("door"), column("another association's"),
		column("co-host's"), column("host's"), column("group's"), column("coordinator by mail alone"), column("coordinator")
	let := func(answer string) bool { return answer[0] == '2' && answer != "2nd" || answer[0] == '3' }
	for route, r := range rows {
		method, path, _ := strings.Cut(route, " ")
		if want := len(mattersOf(method, path)); len(r) != want {
			t.Errorf("%s is about %d things, not %d", route, want, len(r))
			continue
		}
		for i, a := range r {
			about := fmt.Sprintf("%s, %s", route, mattersOf(method, path)[i])
			if len(a) != len(roles) {
				t.Fatalf("%s: %d answers for %d roles", about, len(a), len(roles))
			}
			fault := func(wrong bool, format string, args ...any) {
				if wrong {
					t.Errorf(about+": "+format, args...)
				}
			}
			fault(slices.ContainsFunc(a, func(s string) bool { return s[0] == '5' }), "fails: %v", a)
			fault(strings.HasPrefix(path, "/organise") && (a[public] != "who" || a[door] != "who"), "the desk is open to who is not signed in: %v", a)
			fault(!strings.Contains(path, "/door") && a[door] != a[public], "the door opens more than a door: %v", a)
			for _, pair := range [][2]int{{foreign, coHost}, {foreign, group}, {coHost, host}, {host, office}, {mailed, office}} {
				fault(let(a[pair[0]]) && !let(a[pair[1]]), "%s may, and %s may not", roles[pair[0]], roles[pair[1]])
			}
			private := strings.Contains(path, "/attendance") || strings.Contains(path, "/checkins") || strings.Contains(path, "/organise/events/:event")
			fault(private && (let(a[public]) || let(a[foreign]) || let(a[group])), "who is none of the hosts may: %v", a)
			export := strings.HasSuffix(path, "/attendance.csv") || strings.HasSuffix(path, "/attendance.xlsx") || strings.HasSuffix(path, "/attendance/details") || path == apiRoot+"/events/:event/attendance"
			fault(export && let(a[mailed]), "a mailbox is enough for names and addresses: %v", a)
			overall := slices.ContainsFunc([]string{"city", "directory", "log", "numbers", "numbers.csv", "organisers", "outbox", "overview", "settings"}, func(room string) bool {
				return strings.HasPrefix(path+"/", "/organise/"+room+"/")
			})
			fault(overall && let(a[host]), "the whole city's is open to organisers: %v", a)
		}
		if last := r[len(r)-1]; len(r) == 4 {
			draft := r[1]
			for _, role := range []int{public, door, foreign} {
				if path != "/readyz" && draft[role] != "404" && draft[role] != "401" && draft[role] != "who" {
					t.Errorf("%s: %s learns of a draft: %s", route, roles[role], draft[role])
				}
			}
			if last[coHost] != last[foreign] || last[host] != last[foreign] || last[group] != last[foreign] {
				t.Errorf("%s: somebody may more with another's draft: %v", route, last)
			}
		}
	}
}

// A token opens nothing but the API, and a session nothing but the pages.
func TestPermissions_TokensAndSessionsApart(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	g := newGate(t)
	office, e := slices.Index(roles, "coordinator"), g.standing[matter{mine, models.Published}]
	for _, route := range g.routesReadFirst() {
		plain, _ := inFirstLanguage(route.Path)
		if writes(route.Method) || route.Method == fiber.MethodHead {
			continue
		}
		headers := []string{"Authorization", "Bearer " + g.tokens[office]}
		if strings.HasPrefix(plain, apiRoot) {
			headers = []string{"Cookie", "__Host-samling=" + g.cookies[office]}
		} else if !isDesk(plain) {
			continue
		}
		stranger := g.request(route.Method, route.Path, 0, e)
		if a := g.request(route.Method, route.Path, 0, e, headers...); a.StatusCode != stranger.StatusCode {
			t.Errorf("%s: status %d, want %d", route.Path, a.StatusCode, stranger.StatusCode)
		}
	}
	for _, wrong := range []string{"samling_WRONG", "", "x"} {
		if a := g.ask("GET", apiRoot+"/events/"+e.ID, "", "token", wrong); a.StatusCode != http.StatusUnauthorized {
			t.Errorf("the token %q: status %d", wrong, a.StatusCode)
		}
	}
}

func TestCrossSite_EveryPostIsRefused(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	g := newGate(t)
	asked := 0
	e := g.event(matter{mine, models.Published})
	for _, route := range g.App().GetRoutes(true) {
		if !writes(route.Method) {
			continue
		}
		for name, headers := range map[string][]string{
			"another site":     {"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
			"a neighbour":      {"Sec-Fetch-Site", "same-site", "Origin", "https://other.samling.test"},
			"an older browser": {"Origin", "https://evil.example"},
			"no origin":        {"Origin", "null"},
		} {
			if name == "no origin" && (strings.Contains(route.Path, "/rsvp/") || strings.Contains(route.Path, "/members/") || strings.Contains(route.Path, doorPath)) {
				continue // these pages have none, and their addresses are secrets
			}
			asked++
			if a := g.request(route.Method, route.Path, slices.Index(roles, "coordinator"), e, headers...); a.StatusCode != http.StatusForbidden {
				t.Errorf("%s %s from %s: status %d", route.Method, route.Path, name, a.StatusCode)
			}
		}
	}
	if now := must(g.Planner.Store.Events.Get(g.ctx, e.ID)); now.Summary != e.Summary || now.Status != e.Status || len(now.CoHosts) != len(e.CoHosts) {
		t.Error("another site changed the event")
	}
	if asked < 80 {
		t.Errorf("only %d posts were tried", asked)
	}
}
