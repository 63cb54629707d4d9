package handlers

import (
	"html"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"samling/models"
	"samling/planner"
)

// The field that has the link, and that by which a form says which link it ends.
var (
	linkField = regexp.MustCompile(`id="link" readonly value="https://samling\.test([^"]+)"`)
	seenField = regexp.MustCompile(`name="seen" value="([^"]*)"`)
)

func shownIn(t *testing.T, field *regexp.Regexp, a answer) string {
	t.Helper()
	m := field.FindStringSubmatch(a.want(t, 200).body)
	if m == nil {
		t.Fatalf("there is no %v in %s", field, a.body)
	}
	return html.UnescapeString(m[1])
}

// An organiser finds the link, gives it away, and ends it when it went astray.
func TestOrganiseMembers_FindAndRenew(t *testing.T) {
	c := newLinked(t)
	cookie := []string{"Cookie", "__Host-samling=" + c.session("husie@example.org")}
	if to := c.ask("GET", "/organise/members", "", cookie...).want(t, 303).Header.Get("Location"); to != "/organise/associations/husie/members" {
		t.Fatalf("she has one association and is led to %q", to)
	}
	for name, at := range map[string]string{
		"the association's": "/organise/associations/husie/members", "the event's": "/organise/events/" + c.event.ID + "/members",
	} {
		t.Run(name, func(t *testing.T) {
			first := shownIn(t, linkField, c.ask("GET", at, "", cookie...))
			if a := c.ask("GET", first, "").want(t, 200); !strings.Contains(a.body, "Hemligt möte") {
				t.Errorf("the link %s shows %s", first, a.body)
			}
			asked := c.ask("GET", at+"/renew", "", cookie...)
			seen := shownIn(t, seenField, asked)
			if c.ask("GET", first, "").StatusCode != 200 {
				t.Error("asking ended the link")
			}
			renew := func() answer {
				return c.ask("POST", at+"/renew", "seen="+seen, append(cookie, "Content-Type", "application/x-www-form-urlencoded")...).want(t, 303)
			}
			page := c.ask("GET", renew().Header.Get("Location"), "", cookie...)
			second := shownIn(t, linkField, page)
			if !strings.Contains(page.body, "Nu är länken ny") || !strings.Contains(page.body, "av husie@example.org") {
				t.Errorf("the page does not say what she did: %s", page.body)
			}
			c.ask("GET", first, "").want(t, 404)
			c.ask("GET", second, "").want(t, 200)
			c.pass(time.Minute)
			renew() // the form sent twice
			if now := shownIn(t, linkField, c.ask("GET", at, "", cookie...)); now != second {
				t.Errorf("the same form ended the new link: %s, was %s", now, second)
			}
		})
	}
}

func TestOrganiseMembers_WhatIsSaid(t *testing.T) {
	c := newLinked(t)
	must(c.Planner.AddOrganiser(c.ctx, models.Organiser{Email: "klimat@example.org", Role: models.RoleOrganiser, For: []string{"klimat"}}))
	office := []string{"Cookie", "__Host-samling=" + c.session("office@example.org")}
	draft := townHallOf("husie")
	draft.Audience = models.Members
	draft = must(c.Planner.CreateEvent(c.ctx, planner.Command(), draft))
	c.ask("GET", "/members/"+c.Planner.EventSecret(&draft), "").want(t, 404)
	public := must(c.Planner.Catalogue().Event("oppet-mote-om-skolan"))
	own := "/members/" + c.Planner.EventSecret(&c.event) + "/events/" + c.event.Slug
	for name, row := range map[string]struct {
		path, email string
		want        string
	}{
		"all associations":   {"/organise/members", "office@example.org", `/organise/associations/staden/members;1 aktivitet bara för medlemmar`},
		"a group has none":   {"/organise/members", "klimat@example.org", "Arbetsgrupper har ingen egen medlemslänk"},
		"of the whole city":  {"/organise/associations/staden/members", "office@example.org", "i alla föreningar"},
		"of a draft":         {"/organise/events/" + draft.ID + "/members", "husie@example.org", "inget förrän"},
		"of a public one":    {"/organise/events/" + public.ID + "/members", "husie@example.org", "öppen för alla"},
		"from the event":     {"/organise/events/" + c.event.ID, "videdal@example.org", "/organise/events/" + c.event.ID + `/members"`},
		"to its page":        {"/organise/events/" + c.event.ID, "videdal@example.org", `href="` + own + `"`},
		"what is chosen":     {"/organise/events/new?kind=meeting", "husie@example.org", "Bara den som har er medlemslänk"},
		"a picture of it":    {"/organise/associations/husie/members", "husie@example.org", `src="data:image/svg`},
		"in the other words": {"/en/organise/associations/husie/members", "husie@example.org", "Members’ link"},
	} {
		cookie := office
		if row.email != "office@example.org" {
			cookie = []string{"Cookie", "__Host-samling=" + c.session(row.email)}
		}
		a := c.ask("GET", row.path, "", cookie...)
		if a.StatusCode != http.StatusOK {
			t.Errorf("%s: status %d", name, a.StatusCode)
		}
		for _, part := range strings.Split(row.want, ";") {
			if !strings.Contains(html.UnescapeString(a.body), part) {
				t.Errorf("%s: there is no %q in %s", name, part, a.body)
			}
		}
	}
}
