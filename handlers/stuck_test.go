package handlers

import (
	"errors"
	"testing"
	"time"
)

// Mail that is stuck is seen on every page of the organisers, with what each of
// them can do.
func TestStuck_OnEveryPage(t *testing.T) {
	m := &mails{}
	c := newCityWith(t, func(config *Config) { config.Outbox = m })
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	pages := []string{"/organise", "/organise/events", "/organise/events/new", "/organise/calendars"}
	for _, page := range pages {
		b.get(page).want(t, 200).lacks(t, `class="stuck wide"`)
	}
	since := c.clock.Add(-time.Hour)
	m.MailFares = MailFares{Paused: true, Trouble: "refused", Words: "535 5.7.8 <wrong>", Since: since}
	c.pass(time.Second)
	for _, page := range pages {
		b.get(page).want(t, 200).contains(t, "mejlservern nekar oss", "Säg till kansliet").lacks(t, "535", "/organise/outbox")
		office.get(page).want(t, 200).contains(t, "mejlservern nekar oss", `<a href="/organise/outbox">Se vad du kan göra</a>`).lacks(t, "535", "Säg till")
	}
	b.get("/en/organise").contains(t, "the mail server refuses us")
	office.get("/en/organise/outbox").want(t, 200).contains(t, "535 5.7.8 &lt;wrong&gt;", "Check SAMLING_SMTP", "Since ")
	for trouble, says := range map[string]string{"away": "mejlservern svarar inte", "late": "Mejlen är försenade"} {
		m.Trouble, m.Words = trouble, ""
		c.pass(time.Second)
		office.get("/organise/outbox").want(t, 200).contains(t, says).lacks(t, "Den svarar")
	}
	c.ask("GET", "/", "").want(t, 200).lacks(t, `class="stuck wide"`)

	m.err = errors.New("the store is away")
	c.pass(time.Second)
	b.get("/organise").want(t, 200).lacks(t, `class="stuck wide"`)
}
