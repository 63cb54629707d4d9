package handlers

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"samling/models"
)

// What is taken home or printed says who took it and until when, and is in the log
// with what of people is in it.
func TestTakeout_IsLoggedWithWhatIsInIt(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at, _ := c.doorOf(b)
	for _, s := range []struct {
		path, how, logged string
	}{
		{"/attendance", "page", "öppnade listan"},
		{"/attendance/details", "page+details", "öppnade listan med adresser och svar"},
		{"/attendance.csv", "csv", "hämtade CSV"},
		{"/attendance.csv?with=email&with=note", "csv+email+note", "hämtade CSV med mejladresser och vad de har skrivit"},
		{"/attendance.xlsx?with=times&with=needs&with=answers", "xlsx+needs+times+answers", "hämtade Excel med vem som behöver något, när de"},
		{"/attendance/ticks", "ticks", "skrev ut pricklistan"},
		{"/attendance/blank", "blank", "skrev ut ett tomt blad"},
	} {
		c.pass(1e9)
		before := must(c.Planner.Store.Reads.Count(c.ctx, models.Query{}))
		a := b.get(at+s.path).want(t, 200)
		if s.how[0] != 'p' && a.Header.Get("Content-Type") != typeXLSX {
			a.contains(t, "Hämtad av husie@example.org tisdag 3 mars 2026", "Förstörs senast ")
		}
		if n := must(c.Planner.Store.Reads.Count(c.ctx, models.Query{})); n != before+1 {
			t.Errorf("%s: %d looks, want one", s.path, n-before)
		}
		for r := range c.Planner.Store.Reads.List(c.ctx, models.Query{Index: "at", Descending: true, Limit: 1}) {
			if r.How != s.how {
				t.Errorf("%s is logged as %q, want %q", s.path, r.How, s.how)
			}
		}
		office.get("/organise/log").contains(t, s.logged)
	}
	// As it was once written.
	must(0, c.Planner.Store.Reads.Create(c.ctx, models.Read{Document: models.Document{ID: uuid.NewString()}, At: *c.clock, Organiser: "x", Event: "y", How: "csv-answers"}))
	office.get("/organise/log").contains(t, "hämtade CSV med svaren: telefon")
}

func TestSheets_OnPaper(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at, _ := c.doorOf(b)
	ticks := b.get(at+"/attendance/ticks").want(t, 200)
	ticks.contains(t, "Örjan Ek", "<em>Behöver något</em>", "Reserver", "<thead>", "<tfoot>").lacks(t, "nötter", "mailto:")
	if strings.Count(ticks.body, `class="box"`) != 5 {
		t.Errorf("%d boxes for five people", strings.Count(ticks.body, `class="box"`))
	}
	if strings.Index(ticks.body, "Reserver") < strings.Index(ticks.body, "Örjan Ek") || strings.Index(ticks.body, "Reserver") > strings.Index(ticks.body, "Åsa") {
		t.Error("who waits does not stand at the end")
	}
	b.get(at+"/attendance/blank").want(t, 200).contains(t, "Då säger du ja till att", "Husies förening", "Bladet förstörs senast").lacks(t, "Örjan")
	b.get("/en"+at+"/attendance/blank").want(t, 200).contains(t, "The sheet is destroyed by", "Telephone")
}

func TestHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"=1+1": "'=1+1", "+46701234567": "'+46701234567", "-2": "'-2", "@sum": "'@sum", "\tx": " x", "a\tb": "a b", "\rx": "'\rx", "＝1": "'＝1",
		"0701234567": "'0701234567", "070 123 45 67": "'070 123 45 67", "1,5": "'1,5", "070-123 45 67": "070-123 45 67",
		"": "", "Åsa =1": "Åsa =1", " =1": "' =1", "\t=1": "' =1", "7 barn": "7 barn", "عمر": "عمر", "🙂": "🙂",
	} {
		if got := harmless(asText(text)); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}
