package handlers

import (
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"

	"samling/models"
	"samling/planner"
)

func TestDigest_Choice(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	b.get("/organise/account").contains(t, `href="/organise/account/digest"`)
	page := b.get("/organise/account/digest").want(t, 200).contains(t, "husie@example.org", `value="digest" checked`, `value="eve" checked`, `value="close" checked`)
	form := filled(t, page)
	form["mail"] = []string{"eve"}
	b.send("POST", "/organise/account/digest", form).leads(t, "/organise/account/digest?done=saved")
	b.get("/organise/account/digest?done=saved").contains(t, "Sparat.", `value="eve" checked`).lacks(t, `value="digest" checked`, `value="close" checked`)
	c.signedIn("videdal@example.org").get("/organise/account/digest").contains(t, `value="digest" checked`)
}

func TestDigest_EndedFromAMail(t *testing.T) {
	c := newCity(t)
	husie := must(c.Planner.OrganiserByEmail(c.ctx, "husie@example.org"))
	at := "/mail-off/digest/" + c.Planner.Keys.Vault().Token(models.OffPurpose(models.MailDigest), husie.ID)
	wants := func() bool { d := must(c.Planner.DigestOf(c.ctx, husie.ID)); return d.Wants(models.MailDigest) }
	b := c.browser()
	b.get(at).want(t, 200).contains(t, "Vill du sluta", "Klockan 7", `action="`+at+`"`)
	if !wants() {
		t.Error("looking at the page ended them")
	}
	// What a mail program sends has no origin (RFC 8058 §3.2).
	a := c.ask("POST", at, "List-Unsubscribe=One-Click", "Content-Type", "application/x-www-form-urlencoded").want(t, 200)
	guarded(t, a)
	if wants() {
		t.Error("they go on")
	}
	b.send("POST", at, url.Values{"x": {"1"}}).want(t, 200).contains(t, "Nu får du inte fler")
	b.get("/en"+at).want(t, 200).contains(t, "At 7 am")

	vault := c.Planner.Keys.Vault()
	for name, path := range map[string]string{
		"of another kind": "/mail-off/eve" + at[len("/mail-off/digest"):], "nonsense": "/mail-off/digest/x",
		"of a sign-up": "/mail-off/digest/" + vault.Token(planner.ManagePurpose, husie.ID),
		"of nobody":    "/mail-off/digest/" + vault.Token(models.OffPurpose(models.MailDigest), uuid.NewString()),
	} {
		t.Run(name, func(t *testing.T) {
			b.send("POST", path, url.Values{"x": {"1"}}).want(t, 404).contains(t, "Länken leder ingenstans")
		})
	}
	if strings.Contains(c.log.String(), at) {
		t.Error("the log tells the token")
	}
}
