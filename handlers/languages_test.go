package handlers

import (
	"strings"
	"testing"
)

// Arabic is for the public alone: its pages run from the right, lead organisers to
// a language that speaks to them, and are not there for the desk.
func TestLanguages_ForThePublicAlone(t *testing.T) {
	c := newCity(t)
	eventOfTownHall := strings.TrimSuffix(doorOfTownHall, "/rsvp")
	c.published(strings.Replace(townHall, `"title"`, `"summary":"Kom och säg vad du tycker.","title"`, 1))
	page := func(name, url string, status int, contains []string, notContains ...string) scenario {
		return scenario{name: name, method: "GET", url: url, status: status, contains: contains, notContains: notContains}
	}
	c.run(t, []scenario{
		page("the list", "/ar/", 200, []string{
			`<html lang="ar" dir="rtl">`, `<link rel="canonical" href="https://samling.test/ar/">`,
			`<link rel="alternate" hreflang="sv" href="https://samling.test/">`, `<link rel="alternate" hreflang="ar" href="https://samling.test/ar/">`, `<link rel="alternate" hreflang="en" href="https://samling.test/en/">`,
			`hreflang="sv">Svenska</a>`, `hreflang="en">English</a>`, `<span lang="ar" aria-current="true">العربية</span>`,
			`<a href="/sign-in" hreflang="sv">`, "ولم يراجعها بعد ناطق أصلي بها",
		}),
		page("an event whose text is Swedish", "/ar"+eventOfTownHall, 200, []string{
			`<link rel="canonical" href="https://samling.test/ar` + eventOfTownHall + `">`, `<link rel="alternate" hreflang="en" href="https://samling.test/en` + eventOfTownHall + `">`,
			"النص متوفر باللغة السويدية فقط.", `lang="sv" dir="ltr"`, `action="/ar` + doorOfTownHall + `"`,
		}),
		page("the house's language waits for nobody", "/", 200, []string{`<html lang="sv" dir="ltr">`, `hreflang="ar">العربية</a>`}, "ناطق"),
		page("a page that is not there", "/ar/nothing", 404, []string{`dir="rtl"`, "الصفحة غير موجودة"}),
		page("no desk", "/ar/organise", 404, []string{`dir="rtl"`}),
		page("no way in", "/ar/sign-in", 404, []string{`dir="rtl"`}),
		page("nothing leads there", "/sign-in", 200, []string{`hreflang="en">English</a>`}, "العربية"),
		page("a calendar", "/feeds/all.ics?lang=ar", 200, []string{"PRODID:-//Samling//Samling//AR", "/ar/events/"}),
		page("a feed", "/feeds/all.atom?lang=ar", 200, []string{`xml:lang="ar"`}),
		page("another", "/feeds/all.json?lang=ar", 200, []string{`"language":"ar"`}),
		page("programs are told in a language that has all words", apiRoot+"/events?limit=x&lang=ar", 422, []string{"Välj ett tal från 1 till 500."}),
	})
}

// The language of the form's address is that of the mails that follow.
func TestLanguages_SignUpIsKept(t *testing.T) {
	c := newCity(t)
	at := c.published(townHall)
	a := c.post("/ar"+doorOfTownHall, c.filled("language", "sv")).want(t, 303)
	if to := a.Header.Get("Location"); !strings.HasPrefix(to, "/ar"+doorOfTownHall+"?") {
		t.Errorf("leads to %q", to)
	}
	list := c.ask("GET", at+"/attendance", "", "token", c.husie).want(t, 200).json(t)
	id := list["attendees"].([]any)[0].(map[string]any)["rsvp"].(string)
	held := must(c.Planner.Held(c.ctx, id))
	if held.RSVP.Language != "ar" || held.RSVP.Consent.Language != "ar" {
		t.Errorf("kept %q, and the consent in %q", held.RSVP.Language, held.RSVP.Consent.Language)
	}
}
