package handlers

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"samling/models"
)

// The questions that an organiser switches on are asked, answered, shown to her,
// changed by the resident, and taken along only when she ticks it.
func TestQuestions_FromTheFormToTheList(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish")
	b.send("POST", at, filled(t, b.get(at), "rsvp.ask", "food")).leads(t, at+"?done=saved")
	public := "/events/" + b.event(at).Slug
	if page := c.ask("GET", public, ""); !strings.Contains(page.body, `name="answers.food"`) || strings.Contains(page.body, `name="answers.phone"`) {
		t.Error("another question than the one that was switched on")
	}
	form := filled(t, b.get(at))
	form["rsvp.ask"] = []string{"access", "phone", "food"}
	b.send("POST", at, form).leads(t, at+"?done=saved")
	if got := b.event(at).SignUp.Ask; len(got) != 3 || got[0] != models.AskPhone {
		t.Fatalf("asks %v", got)
	}

	typed := c.filled("answers.phone", "ring hem", "answers.food", "<b>Nötter</b>", "answers.access", "Teckenspråkstolk", "note", "")
	wrong := c.post(public+"/rsvp", typed).want(t, 422)
	wrong.contains(t, `href="#answers.phone"`, `aria-describedby="answers.phone-wrong answers.phone-why"`, `value="ring hem"`, ">&lt;b&gt;Nötter&lt;/b&gt;</textarea>", "Något mer vi bör veta?")
	typed.Set("answers.phone", "070-123 45 67")
	c.post(public+"/rsvp", typed).want(t, 303)

	b.get(at+"/attendance").contains(t, "Behöver något").lacks(t, "Nötter", "0701234567")
	list := b.get(at+"/attendance/details").want(t, 200)
	list.contains(t, "Behov att ordna", "&lt;b&gt;Nötter&lt;/b&gt;", "Teckenspråkstolk", `href="tel:0701234567"`, "Behöver något", "Det är ordnat")
	need := regexp.MustCompile(`name="rsvp" value="([^"]+)"><input type="hidden" name="said" value="(\d+)"`).FindStringSubmatch(list.body)
	if need == nil {
		t.Fatal("there is nothing to tick")
	}
	for _, seen := range []string{"yes", "yes", "no", "yes"} {
		b.post(at+"/needs?details=1", "rsvp", need[1], "said", need[2], "seen", seen).leads(t, at+"/attendance/details#r-"+need[1])
		page := b.get(at + "/attendance/details")
		if open := strings.Contains(page.body, `<strong class="tag">Behöver något`); open != (seen == "no") {
			t.Errorf("after %q it is open: %v", seen, open)
		}
	}

	mine := c.link(apiRoot+"/events/"+b.event(at).ID, "Åsa")
	c.ask("GET", mine, "").want(t, 200).contains(t, "070-123 45 67", ">Teckenspråkstolk</textarea>", "Ändra det du har berättat")
	c.press(mine, "action", "answers", "answers.phone", "x").want(t, 422).contains(t, `<details open>`, `id="answers.phone-wrong"`)
	c.press(mine, "action", "answers", "answers.access", "Rullstol", "note", "Vi ses").want(t, 303)
	c.ask("GET", mine+"?done=answers", "").contains(t, "nu är det ändrat", "Rullstol", "Vi ses")
	b.get(at+"/attendance/details").contains(t, "Behöver något", "Rullstol").lacks(t, "tel:", "Nötter")
	b.post(at+"/needs?details=1", "rsvp", need[1], "said", need[2], "seen", "yes").want(t, 412).contains(t, "Rullstol")

	b.get(at+"/attendance.csv").lacks(t, "Rullstol", "Tolk och")
	b.get(at+"/attendance.csv?with=answers").contains(t, ";Läge;Telefon;Mat;Tolk och tillgänglighet\r\n", ";;;Rullstol\r\n")
	x := b.get(at+"/attendance.xlsx?with=answers").want(t, 200)
	rows := must(must(excelize.OpenReader(bytes.NewReader([]byte(x.body)))).GetRows("Deltagare"))
	if len(rows) != 3 || rows[1][len(rows[1])-1] != "Rullstol" {
		t.Errorf("XLSX: %q", rows)
	}
	c.signedIn("office@example.org").get("/organise/log").contains(t, "hämtade CSV med svaren: telefon", "hämtade Excel med")
}

func TestQuestions_ByTheAPI(t *testing.T) {
	c := newCity(t)
	at := c.published(strings.Replace(townHall, `"capacity"`, `"rsvp":{"ask":["access","phone"]},"capacity"`, 1))
	if ask := c.ask("GET", at, "").json(t)["rsvp"].(map[string]any)["ask"].([]any); len(ask) != 2 || ask[0] != "phone" {
		t.Errorf("asks %v", ask)
	}
	with := func(answers string) string {
		return strings.Replace(person("ada"), `"consent"`, `"answers":`+answers+`,"consent"`, 1)
	}
	c.run(t, []scenario{
		{name: "unknown question", method: "PATCH", url: at, body: `{"rsvp":{"ask":["shoes"]}}`, headers: []string{"token", c.husie}, status: 422, contains: []string{`"field":"rsvp.ask","code":"unknown-question"`}},
		post("not asked", at+"/rsvps", "", with(`{"food":"Allt"}`), 422, `"field":"answers.food","code":"not-asked"`),
		post("no question", at+"/rsvps", "", with(`{"shoes":"43"}`), 422, `"field":"answers.shoes","code":"unknown-field"`),
		post("answered", at+"/rsvps", "", with(`{"phone":"0701234567","access":"Tolk"}`), 201),
	})
	plain := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200)
	plain.contains(t, `"needs":1`, `"need":"open"`)
	if strings.Contains(plain.body, "Tolk") || strings.Contains(plain.body, "0701234567") {
		t.Errorf("the answers come unasked: %s", plain.body)
	}
	c.ask("GET", at+"/attendance?answers=yes", "", "token", c.husie).want(t, 200).contains(t, `"answers":{"phone":"0701234567","access":"Tolk"}`)
	c.ask("GET", at+"/attendance?answers=maybe", "", "token", c.husie).want(t, 422)
	c.ask("PATCH", at, `{"rsvp":{"ask":null}}`, "token", c.husie).want(t, 200).contains(t, `"ask":[]`)
}
