package handlers

import (
	"strings"
	"testing"

	"samling/models"
	"samling/planner"
)

// messages are how many mails of a message are in the outbox: copies to organisers,
// and those to attendees.
func (c *city) messages() (copies, mails int) {
	for m, err := range c.Planner.Store.Mails.List(c.ctx, models.Query{}) {
		must(0, err)
		switch {
		case m.Kind != models.MailMessage:
		case m.Organiser != "":
			copies++
		default:
			mails++
		}
	}
	return copies, mails
}

func TestWrite_Journey(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish", "capacity", "20")
	e := b.event(at)
	for _, name := range []string{"ada", "bo"} {
		must(c.Planner.SignUp(c.ctx, e.ID, models.SignUp{Name: name, Email: name + "@example.org", Party: 1, Consent: true, Language: "sv"}, nil))
	}
	b.get(at).want(t, 200).contains(t, `href="`+at+`/write"`)
	page := b.get(at+"/write").want(t, 200).contains(t, "skriv bara om den", "Nytt mejl")
	b.send("POST", at+"/write", filled(t, page, "to", "both", "text", "Ta med en kopp.")).want(t, 422).contains(t, "Ta med en kopp.", `href="#business"`)
	b.send("POST", at+"/write", filled(t, page, "to", "nobody", "text", "", "business", "yes")).want(t, 422).contains(t, `href="#text"`, `href="#to"`)
	a := b.send("POST", at+"/write", filled(t, page, "to", "both", "text", "Ta med en kopp.\r\n<b>Vi ses</b>", "business", "yes")).want(t, 303)
	message := a.Header.Get("Location")
	b.get(message).want(t, 200).contains(t, "Från arrangören: Öppet möte om skolan", "&lt;b&gt;Vi ses&lt;/b&gt;", "2 personer får mejlet.", "Mejla mig en kopia först", "husie@example.org").lacks(t, `value="send"`)

	b.post(message, "do", "send").want(t, 409)
	b.post(message, "do", "copy").leads(t, message)
	b.post(message, "do", "copy").leads(t, message)
	if copies, mails := c.messages(); copies != 1 || mails != 0 {
		t.Errorf("%d copies, %d mails", copies, mails)
	}
	b.get(message).contains(t, "Kopian är på väg till husie@example.org", "Skicka till 2 personer").lacks(t, "Mejla mig en kopia")
	// A colleague has not seen the copy.
	office := c.signedIn("office@example.org")
	office.get(message).want(t, 200).contains(t, "Mejla mig en kopia först").lacks(t, `value="send"`)

	for range 2 {
		b.post(message, "do", "send").leads(t, message+"?done=sent")
	}
	if _, mails := c.messages(); mails != 2 {
		t.Errorf("%d mails", mails)
	}
	b.get(message+"?done=sent").contains(t, "Skickat.", "Skickat till 2 personer", "av husie@example.org").lacks(t, "<form method=\"post\" action=\""+message)
	b.get(at+"/write").contains(t, "Skrivet tidigare", "Ta med en kopp.", "Skickat till 2 personer")
	office.get("/organise/log").contains(t, "skrev till dem")
	b.get(at+"/history").contains(t, "skrev till anmälda", "Antal mejl")
	if strings.Contains(c.log.String(), "kopp") {
		t.Error("the log tells what was written")
	}
}

func TestWrite_TooOftenAndTooLate(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	e := must(c.Planner.CreateEvent(c.ctx, planner.Command(), townHallOf("husie")))
	e = must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	at := "/organise/events/" + e.ID + "/write"
	for n := range 4 {
		page := b.get(at).want(t, 200)
		message := b.send("POST", at, filled(t, page, "text", "Hej", "business", "yes")).want(t, 303).Header.Get("Location")
		b.post(message, "do", "copy").leads(t, message)
		a := b.post(message, "do", "send")
		if n < 3 {
			a.leads(t, message+"?done=sent")
			continue
		}
		a.want(t, 429).contains(t, "tre gånger den senaste veckan")
	}
	c.pass(e.Ends.Sub(*c.clock))
	b.get(at).want(t, 200).contains(t, "Det går inte att skriva till dem nu", "Skrivet tidigare").lacks(t, "Nytt mejl")
}

func TestWrite_DraftIsTakenUp(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish") + "/write"
	message := b.send("POST", at, filled(t, b.get(at), "to", "waiting", "text", "Hej", "business", "yes")).want(t, 303).Header.Get("Location")
	b.post(message, "do", "copy").leads(t, message)
	again := b.get(at+"?message="+message[strings.LastIndex(message, "/")+1:]).want(t, 200).contains(t, ">Hej</textarea>", `value="waiting" selected`, "Utkast")
	b.send("POST", at, filled(t, again, "text", "Hej på er")).leads(t, message)
	b.get(message).contains(t, "Hej på er", "Mejla mig en kopia först", "Det finns ingen att skicka till")
	b.get(at+"?message=0197a1b2-0000-7000-8000-000000000001").want(t, 404)
}
