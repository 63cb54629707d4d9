package models

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"
)

// a is a pointer to a value.
func a[T any](value T) *T { return &value }

// townHall is an event with nothing wrong.
func townHall() Event {
	e := Event{
		Document: Document{ID: "0195a000-0000-7000-8000-000000000001"}, Slug: "stormote", Kind: TownHall,
		Text: Text{Title: "Stormöte"}, Status: Published, Host: "kirseberg",
		Starts: time.Date(2026, 5, 4, 16, 0, 0, 0, time.UTC), SignUp: SignUpRules{Needed: true},
	}
	return e.Prepared("Europe/Stockholm")
}

func TestEvent_Validate(t *testing.T) {
	long := func(n int) string { return strings.Repeat("å", n) }
	for name, c := range map[string]struct {
		how  func(*Event)
		want string // field: reason; empty: nothing is wrong
	}{
		"as it is":                   {func(*Event) {}, ""},
		"no slug":                    {func(e *Event) { e.Slug = "" }, "slug: required"},
		"a slug with capitals":       {func(e *Event) { e.Slug = "Stormote" }, "slug: bad-slug"},
		"an unknown kind":            {func(e *Event) { e.Kind = "rave" }, "kind: unknown-kind"},
		"an unknown status":          {func(e *Event) { e.Status = "maybe" }, "status: unknown-status"},
		"an unknown audience":        {func(e *Event) { e.Audience = "friends" }, "audience: unknown-audience"},
		"no title":                   {func(e *Event) { e.Title = " " }, "title: required"},
		"the longest title":          {func(e *Event) { e.Title = long(MaxTitle) }, ""},
		"too long a title":           {func(e *Event) { e.Title = long(MaxTitle + 1) }, "title: too-long"},
		"a title of two lines":       {func(e *Event) { e.Title = "a\r\nBcc: x" }, "title: control-characters"},
		"a title of nothing to see":  {func(e *Event) { e.Title = "\u200b \u00a0\u2066" }, "title: required"},
		"a title turned around":      {func(e *Event) { e.Title = "Möte \u202egpj.exe" }, "title: control-characters"},
		"a family as one sign":       {func(e *Event) { e.Title = "👩\u200d👧 \u202d040-12\u202c" }, ""},
		"a title that is not UTF-8":  {func(e *Event) { e.Title = "M\xf6te" }, "title: not-utf8"},
		"a description of two lines": {func(e *Event) { e.Description = "a\n\tb" }, ""},
		"a null in the description":  {func(e *Event) { e.Description = "a\x00b" }, "description: control-characters"},
		"a translation":              {func(e *Event) { e.Texts = map[string]Text{"en": {Title: "Town hall"}} }, ""},
		"a bad language":             {func(e *Event) { e.Texts = map[string]Text{"en-GB": {Title: "x"}} }, "texts: bad-language"},
		"too long a translation":     {func(e *Event) { e.Texts = map[string]Text{"en": {Title: long(201)}} }, "texts.en.title: too-long"},
		"spoken, no language":        {func(e *Event) { e.Spoken = []string{"SV"} }, "spoken: bad-language"},
		"no host":                    {func(e *Event) { e.Host = "" }, "host: required"},
		"the host as co-host":        {func(e *Event) { e.CoHosts = []string{"kirseberg"} }, "co_hosts: is-host"},
		"21 partners":                {func(e *Event) { e.Partners = strings.Split(strings.Repeat("x,", 20)+"x", ",") }, "partners: too-many"},

		"no start":              {func(e *Event) { e.Starts = time.Time{} }, "starts: required"},
		"no end":                {func(e *Event) { e.Ends = time.Time{} }, "ends: required"},
		"ends before it starts": {func(e *Event) { e.Ends = e.Starts.Add(-time.Hour) }, "ends: ends-before-starts"},
		"ends when it starts":   {func(e *Event) { e.Ends = e.Starts }, "ends: ends-before-starts"},
		"the year 26":           {func(e *Event) { e.Starts = e.Starts.AddDate(-2000, 0, 0) }, "starts: bad-year"},
		"the year 20026":        {func(e *Event) { e.Starts = e.Starts.AddDate(18000, 0, 0) }, "starts: bad-year"},
		"two years long":        {func(e *Event) { e.Ends = e.Starts.AddDate(2, 0, 0) }, "ends: too-far-apart"},
		"no zone":               {func(e *Event) { e.TimeZone = "" }, "time_zone: unknown-zone"},
		"a zone of no place":    {func(e *Event) { e.TimeZone = "Europe/Malmo" }, "time_zone: unknown-zone"},
		"the server's zone":     {func(e *Event) { e.TimeZone = "Local" }, "time_zone: unknown-zone"},
		"a path as zone":        {func(e *Event) { e.TimeZone = "../etc/passwd" }, "time_zone: unknown-zone"},
		"a day":                 {func(e *Event) { e.DateOnly, e.Starts, e.Ends = true, midnightIn(e, 4), midnightIn(e, 5) }, ""},
		"a day from noon": {func(e *Event) {
			e.DateOnly, e.Starts, e.Ends = true, midnightIn(e, 4).Add(12*time.Hour), midnightIn(e, 5)
		}, "starts: not-midnight"},
		"half a coordinate":       {func(e *Event) { e.Place.Latitude = a(55.6) }, "place.latitude: both-or-none"},
		"north of the pole":       {func(e *Event) { e.Place.Latitude, e.Place.Longitude = a(91.0), a(13.0) }, "place.latitude: out-of-range"},
		"nowhere":                 {func(e *Event) { e.Place.Latitude, e.Place.Longitude = a(55.6), a(math.NaN()) }, "place.longitude: out-of-range"},
		"a script as address":     {func(e *Event) { e.OnlineURL = "javascript:alert(1)" }, "online_url: bad-url"},
		"a meeting online":        {func(e *Event) { e.OnlineURL = "https://meet.example.se/x" }, ""},
		"less than free":          {func(e *Event) { e.Price = a(-1) }, "price: out-of-range"},
		"contact is no address":   {func(e *Event) { e.Contact.Email = "ring mig" }, "contact.email: bad-email"},
		"a part without a title":  {func(e *Event) { e.Programme = []Item{{Title: "Tal"}, {}} }, "programme.1.title: required"},
		"fewer than no seats":     {func(e *Event) { e.Capacity = -1 }, "capacity: out-of-range"},
		"a stadium":               {func(e *Event) { e.Capacity = MaxCapacity + 1 }, "capacity: out-of-range"},
		"a bus on one sign-up":    {func(e *Event) { e.SignUp.MaxParty = MaxParty + 1 }, "rsvp.max_party: out-of-range"},
		"closes before it opens":  {func(e *Event) { e.SignUp.Opens, e.SignUp.Closes = e.Starts.Add(-1), e.Starts.Add(-2) }, "rsvp.closes: closes-before-opens"},
		"opens when all are home": {func(e *Event) { e.SignUp.Opens = e.Ends.Add(1) }, "rsvp.opens: opens-after-end"},
	} {
		e := townHall()
		c.how(&e)
		got := reasons(e.Validate())
		if want := strings.Fields(c.want); c.want == "" && len(got) > 0 || c.want != "" && !slices.Equal(got, []string{strings.Join(want, " ")}) {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func midnightIn(e *Event, day int) time.Time {
	return Milli(time.Date(2026, 5, day, 0, 0, 0, 0, e.Location()))
}

// reasons are the wrong fields of an error.
func reasons(err error) []string {
	var out []string
	if e, ok := err.(*Error); ok {
		for _, f := range e.Fields {
			out = append(out, f.Name+": "+f.Code)
		}
	}
	return out
}

func TestEvent_Revised(t *testing.T) {
	old := townHall()
	old.Sequence, old.Created, old.Updated, old.Changed = 3, noon, noon, noon
	type numbers struct {
		sequence           int
		changed, unsettled bool
	}
	for name, c := range map[string]struct {
		how  func(*Event)
		want numbers
	}{
		"nothing":                   {func(*Event) {}, numbers{3, false, false}},
		"the same, in another zone": {func(e *Event) { e.Starts = e.Starts.In(time.FixedZone("CEST", 7200)) }, numbers{3, false, false}},
		"the same, with spaces":     {func(e *Event) { e.Title += " "; e.Groups = []string{" "}; e.Texts = map[string]Text{} }, numbers{3, false, false}},
		"what must not change": {func(e *Event) {
			e.ID, e.Slug, e.Created, e.Sequence = "x", "x", noon.Add(1), 99
		}, numbers{3, false, false}},
		"the title":     {func(e *Event) { e.Title = "Möte" }, numbers{3, true, false}},
		"a translation": {func(e *Event) { e.Texts = map[string]Text{"en": {Title: "x"}} }, numbers{3, true, false}},
		"the time":      {func(e *Event) { e.Starts = e.Starts.Add(time.Hour) }, numbers{4, true, true}},
		"the place":     {func(e *Event) { e.Place.Name = "Folkets hus" }, numbers{4, true, true}},
		"the seats":     {func(e *Event) { e.Capacity = 5 }, numbers{4, true, true}},
		"the status":    {func(e *Event) { e.Status = Cancelled }, numbers{4, true, true}},
		"a draft":       {func(e *Event) { e.Status = Draft }, numbers{4, true, false}},
	} {
		e := old
		c.how(&e)
		got := e.Revised(&old, noon.Add(time.Hour))
		if have := (numbers{got.Sequence, got.Updated.After(old.Updated) && got.Changed.After(old.Changed), got.Unsettled}); have != c.want {
			t.Errorf("%s: got %+v, want %+v", name, have, c.want)
		}
		if got.ID != old.ID || got.Slug != old.Slug || !got.Created.Equal(old.Created) {
			t.Errorf("%s: its birth has changed", name)
		}
	}
	for name, now := range map[string]time.Time{"stands still": noon, "goes back": noon.Add(-time.Hour)} {
		e := old
		e.Title = "Möte"
		if got := e.Revised(&old, now); !got.Updated.Equal(noon.Add(time.Millisecond)) || !got.Changed.Equal(got.Updated) {
			t.Errorf("a clock that %s: updated %s", name, got.Updated)
		}
	}
	moved := old
	moved.Starts = moved.Starts.Add(time.Hour)
	moved = moved.Revised(&old, noon.Add(time.Hour))
	retitled := moved
	retitled.Title = "Möte"
	if got := retitled.Revised(&moved, noon.Add(2*time.Hour)); !got.Unsettled || got.Sequence != 4 {
		t.Error("another edit forgot that the roster lags behind")
	}
}

func TestEvent_Prepared(t *testing.T) {
	starts := time.Date(2026, 3, 28, 17, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		give         Event
		ends         time.Time
		zone         string
		audience     Audience
		largestParty int
	}{
		"a town hall":         {Event{Kind: TownHall, Starts: starts}, starts.Add(2 * time.Hour), "Europe/Stockholm", Public, 10},
		"a yard party":        {Event{Kind: YardParty, Starts: starts}, starts.Add(4 * time.Hour), "Europe/Stockholm", Public, 10},
		"a consultation":      {Event{Kind: Consultation, Starts: starts, Capacity: 9}, starts.Add(2 * time.Hour), "Europe/Stockholm", Members, 4},
		"what was said stays": {Event{Kind: Meeting, Starts: starts, Ends: starts.Add(1), TimeZone: "Europe/Oslo", Audience: Public, SignUp: SignUpRules{MaxParty: 2}}, starts, "Europe/Oslo", Public, 2},
		// The clocks go forward that night: the day has 23 hours.
		"a day":    {Event{Kind: Other, DateOnly: true, Starts: time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC)}, time.Date(2026, 3, 29, 22, 0, 0, 0, time.UTC), "Europe/Stockholm", Public, 10},
		"no start": {Event{Kind: Other}, time.Time{}, "Europe/Stockholm", Public, 10},
	} {
		got := c.give.Prepared("Europe/Stockholm")
		if !got.Ends.Equal(c.ends) || got.TimeZone != c.zone || got.Audience != c.audience || got.LargestParty() != c.largestParty {
			t.Errorf("%s: got until %s, %s, %s, parties of %d", name, got.Ends, got.TimeZone, got.Audience, got.LargestParty())
		}
	}
}

func TestKinds(t *testing.T) {
	for _, kind := range Kinds() {
		template := kind.Template()
		if !kind.Known() || template.Length <= 0 || template.Starts <= 0 || template.Audience == "" {
			t.Errorf("%s brings %+v", kind, template)
		}
		for _, part := range template.Parts {
			if part.After >= template.Length || part.Title == "" {
				t.Errorf("%s has the part %+v", kind, part)
			}
		}
	}
	if parts := MayDay.Template().Parts; len(parts) != 3 || parts[1].Title != "march" {
		t.Errorf("May Day is %+v", parts)
	}
	if Kind("rave").Known() || Kind("rave").Template().Length == 0 {
		t.Error("an unknown kind is not treated as other")
	}
}

func TestMove_After(t *testing.T) {
	type step struct {
		move Move
		from Status
	}
	want := map[step]Status{
		{Publish, Draft}: Published, {Publish, Published}: Published, {Publish, Postponed}: Published,
		{Postpone, Published}: Postponed, {Postpone, Postponed}: Postponed,
		{Cancel, Published}: Cancelled, {Cancel, Postponed}: Cancelled, {Cancel, Cancelled}: Cancelled,
	}
	for _, move := range []Move{Publish, Postpone, Cancel, "dance"} {
		for _, from := range []Status{Draft, Published, Postponed, Cancelled} {
			to, possible := want[step{move, from}]
			got, err := move.After(from)
			if possible && (err != nil || got != to) || !possible && (CodeOf(err) != CodeNotPossible || got != from) {
				t.Errorf("%s from %s: got %s, %v", move, from, got, err)
			}
		}
	}
}

func TestEvent_In(t *testing.T) {
	e := Event{Text: Text{Title: "Möte"}, Texts: map[string]Text{"en": {Title: "Meeting"}, "ar": {Summary: "?"}}}
	for language, want := range map[string][2]string{"sv": {"Möte", "sv"}, "en": {"Meeting", "en"}, "ar": {"Möte", "sv"}, "": {"Möte", "sv"}} {
		if text, in := e.In(language, "sv"); text.Title != want[0] || in != want[1] {
			t.Errorf("%q: got %q in %s", language, text.Title, in)
		}
	}
}
