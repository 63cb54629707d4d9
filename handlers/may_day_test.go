package handlers

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"samling/models"
	"samling/planner"
)

const firstOfMay = `{"kind":"may-day","slug":"forsta-maj","title":"Första maj","host":"husie","starts":"2026-05-01T12:00","ends":"2026-05-01T17:00","preliminary":true,
	"programme":[{"time":"2026-05-01T14:00","approximate":true,"title":"Tal","speaker":"Prova Exempelsson","place":"Parken"},{"time":"2026-05-01T12:00","title":"Samling","place":"Torget"}],
	"march":{"route":[{"name":"Torget"},{"name":"Bron"},{"name":"Parken"}],"order":["Orkestern","videdal","husies förening"]},"rain":"I hallen."}`

func TestMayDay(t *testing.T) {
	c := newCity(t)
	c.published(firstOfMay)
	c.published(`{"kind":"may-day","slug":"frukost","title":"Frukost","host":"videdal","parent":"forsta-maj","starts":"2026-05-01T09:30","ends":"2026-05-01T11:00"}`)
	c.published(`{"kind":"may-day","slug":"konsert","title":"Konsert","host":"videdal","parent":"forsta-maj","starts":"2026-05-01T18:00","preliminary":true}`)
	c.published(`{"kind":"may-day","slug":"hemlig","title":"Hemlig fest","audience":"members","host":"videdal","parent":"forsta-maj","starts":"2026-05-01T20:00"}`)
	c.run(t, []scenario{
		{name: "the day", method: "GET", url: "/may-day/2026", status: 200, contains: []string{
			"<h1>Första maj 2026</h1>", `<span aria-hidden="true">ca</span><span class="hidden">cirka</span> <bdi>14.00</bdi>`, "Prova Exempelsson",
			`href="/events/frukost"`, "09.30–11.00", "Det som är märkt preliminärt kan ändras.",
			"<li><bdi>Orkestern</bdi></li>\n<li><a href=\"/associations/videdal\"><bdi>Videdals förening</bdi></a></li>\n<li><a href=\"/associations/husie\">",
			`<polyline points="28.0,28.0 300.0,28.0 572.0,28.0"/>`, "<li><bdi>Torget</bdi></li>\n<li><bdi>Bron</bdi></li>",
		}, notContains: []string{"Hemlig"}},
		{name: "in English", method: "GET", url: "/en/may-day/2026", status: 200, contains: []string{"May Day 2026", "Order of the march"}},
		{name: "from its own page", method: "GET", url: "/events/forsta-maj", status: 200, contains: []string{`href="/may-day/2026"`, "Om det regnar", "I hallen."}},
		{name: "from a part", method: "GET", url: "/events/frukost", status: 200, contains: []string{`href="/may-day/2026"`}},
		{name: "another year", method: "GET", url: "/may-day/2027", status: 404},
		{name: "no year", method: "GET", url: "/may-day/02026", status: 404},
		{name: "all of time", method: "GET", url: "/may-day/99999999999999999999", status: 404},
	})
	a := c.ask("GET", "/may-day/2026", "")
	var order []string
	for _, m := range regexp.MustCompile(`<strong>(?:<a[^>]*>)?<bdi>([^<]*)`).FindAllStringSubmatch(a.body, -1) {
		order = append(order, m[1])
	}
	if want := []string{"Frukost", "Samling", "Tal", "Konsert"}; !slices.Equal(order, want) {
		t.Errorf("the day is %v, want %v", order, want)
	}
	if n := strings.Count(a.body, ">Preliminärt</span>"); n != 3 {
		t.Errorf("%d things are marked as preliminary, want the programme and the concert", n)
	}
}

// Of several, the whole city's is the one of the central office.
func TestMayDay_OfTheCity(t *testing.T) {
	c := newCity(t)
	must(c.Planner.ImportAssociations(c.ctx, []planner.Row[models.Association]{{Line: 2, Doc: models.Association{Document: models.Document{ID: "staden"}, Name: "Staden", Central: true}}}))
	c.published(strings.ReplaceAll(firstOfMay, "forsta-maj", "a"))
	c.published(`{"kind":"may-day","slug":"frukost","title":"Frukost","host":"videdal","parent":"a","starts":"2026-05-01T09:30"}`)
	c.published(`{"kind":"may-day","slug":"z","title":"Hela stadens dag","summary":"Alla tillsammans","host":"staden","starts":"2026-05-01T13:00"}`)
	if a := c.ask("GET", "/may-day/2026", "").want(t, 200); !strings.Contains(a.body, "Alla tillsammans") {
		t.Error("it is not the central office's")
	}
}

func TestRoute_OnMap(t *testing.T) {
	at := func(name string, lat, lon float64) models.Place {
		return models.Place{Name: name, Latitude: &lat, Longitude: &lon}
	}
	r := routeOf([]models.Place{at("väst", 55.60, 13.00), at("nord", 55.61, 13.01), at("öst", 55.60, 13.02)})
	if a, b, c := r.Stops[0], r.Stops[1], r.Stops[2]; r.Height != int(routeHeight) || a.X >= b.X || b.X >= c.X || a.Y != c.Y || b.Y >= a.Y {
		t.Errorf("height %d, line %s: not from west to east, the second to the north", r.Height, r.Line)
	}
	for name, places := range map[string][]models.Place{
		"one place":     {at("a", 55, 13)},
		"none":          nil,
		"in one point":  {at("a", 55, 13), at("b", 55, 13)},
		"half known":    {at("a", 55, 13), {Name: "b"}},
		"one line":      {at("a", 55, 13), at("b", 55, 14)},
		"from pole on":  {at("a", 90, 0), at("b", -90, 180)},
		"over the date": {at("a", 0, 179), at("b", 0, -179)},
	} {
		if r := routeOf(places); r != nil && strings.Contains(r.Line, "N") {
			t.Errorf("%s: %s", name, r.Line)
		} else if (r == nil) != (len(places) < 2) {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// What a form shows of a way it takes back as it was.
func TestReadRoute(t *testing.T) {
	lat, lon := 55.606, -13.0002
	for text, want := range map[string]models.Place{
		"Stortorget":                     {Name: "Stortorget"},
		"Stortorget (55.606, -13.0002)":  {Name: "Stortorget", Latitude: &lat, Longitude: &lon},
		"Stortorget(55.606,-13.0002)":    {Name: "Stortorget", Latitude: &lat, Longitude: &lon},
		"Bron (den gamla)":               {Name: "Bron (den gamla)"},
		"Bron (1, 2, 3)":                 {Name: "Bron (1, 2, 3)"},
		"(55.606, -13.0002)":             {Name: "(55.606, -13.0002)"},
		"Bron (gamla) (55.606,-13.0002)": {Name: "Bron (gamla)", Latitude: &lat, Longitude: &lon},
	} {
		got := readRoute([]string{text})
		if !reflect.DeepEqual(got, []models.Place{want}) {
			t.Errorf("%q is %+v", text, got)
		}
		if again := readRoute([]string{routeLines(got)}); !reflect.DeepEqual(again, got) {
			t.Errorf("%q becomes %q", text, routeLines(got))
		}
	}
}

// What the organisers' form shows of a march and of rain it saves as it was; another
// kind keeps the march that the API gave it, of which its form has no field.
func TestOrganiseForm_KeepsTheMarch(t *testing.T) {
	lat, lon := 55.6, 13.0
	for _, kind := range []models.Kind{models.MayDay, models.YardParty} {
		c := newCity(t)
		p, e := c.Words.In("sv"), c.school()
		e.Kind, e.Rain = kind, "I hallen"
		e.March = models.March{Route: []models.Place{{Name: "Torget", Latitude: &lat, Longitude: &lon}, {Name: "Parken"}}, Order: []string{"Orkestern", "husie"}}
		again := e
		if err := filledIn(p, &e, nil).read(&again, nil); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.March, e.March) || again.Rain != e.Rain {
			t.Errorf("%s: %+v and %q, want %+v and %q", kind, again.March, again.Rain, e.March, e.Rain)
		}
	}
}

func TestMarch_Refused(t *testing.T) {
	c := newCity(t)
	var many []string
	for i := range 101 {
		many = append(many, strconv.Itoa(i))
	}
	for name, tc := range map[string]struct{ body, field string }{
		"a stop without a name": {`{"march":{"route":[{"address":"Gatan 1"}]}}`, "march.route.0.name"},
		"half a point":          {`{"march":{"route":[{"name":"a"},{"name":"b","latitude":1}]}}`, "march.route.1.latitude"},
		"off the earth":         {`{"march":{"route":[{"name":"a","latitude":91,"longitude":0}]}}`, "march.route.0.latitude"},
		"too long a rain":       {`{"rain":"` + strings.Repeat("r", 301) + `"}`, "rain"},
		"too many":              {`{"march":{"order":["` + strings.Join(many, `","`) + `"]}}`, "march.order"},
	} {
		at := c.published(strings.Replace(firstOfMay, `"forsta-maj"`, `"m-`+strings.ReplaceAll(name, " ", "-")+`"`, 1))
		a := c.ask("PATCH", at, tc.body, "token", c.office).want(t, 422)
		if !strings.Contains(a.body, `"field":"`+tc.field+`"`) {
			t.Errorf("%s: %s", name, a.body)
		}
	}
}
