package ics

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	ical "github.com/arran4/golang-ical"

	"samling/models"
)

// season are events as a city has them, some with a programme, translations,
// several hosts.
func season(t testing.TB, n int) []Item {
	items := make([]Item, n)
	for i := range items {
		items[i] = townHall(t, fmt.Sprintf("%04d", i), func(it *Item) {
			ev := it.Event
			ev.Title = fmt.Sprintf("Öppet möte nummer %d om det som är viktigt på våra gårdar", i)
			ev.Starts = ev.Starts.Add(time.Duration(i) * 7 * time.Hour)
			ev.Ends = ev.Starts.Add(2 * time.Hour)
			it.Groups = []string{"Bostäder och gårdar"}
			ev.Price, ev.Food = is(0), is(true)
			switch i % 5 {
			case 0:
				ev.Programme = []models.Item{{Time: ev.Starts, Title: "Samling"}, {Time: ev.Starts.Add(time.Hour), Title: "Samtal i grupper", Speaker: "Prova Exempelsson"}}
			case 1:
				ev.Contact = models.Contact{Name: "Prova Exempelsson", Email: "prova@forening.example"}
				it.Hosts = it.Hosts[:1]
			case 2:
				ev.Texts = map[string]models.Text{"en": {Title: "Town hall"}}
				ev.Moved.TimeAt = it.Changed
			}
		})
	}
	return items
}

var city = Feed{Name: "Alla", URL: site + "/feeds/all.ics", Language: "sv"}

// A feed of 1,000 events from nothing, from kept fragments, and with one of them
// made anew, which is what an edit costs; beside it the copying of its bytes.
func BenchmarkFeed(b *testing.B) {
	e, items, day := encoder(b), season(b, 1_000), today(b)
	kept := fragments(b, e, "sv", items...)
	size := int64(len(e.Feed(city, kept)))
	run := func(name string, render func() []byte) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if got := render(); int64(len(got)) != size {
					b.Fatalf("%d octets instead of %d", len(got), size)
				}
			}
		})
	}
	run("from nothing", func() []byte {
		for i := range items {
			kept[i] = e.Fragment(items[i], "sv", day)
		}
		return e.Feed(city, kept)
	})
	run("from fragments", func() []byte { return e.Feed(city, kept) })
	run("one edit", func() []byte {
		kept[500] = e.Fragment(items[500], "sv", day)
		return e.Feed(city, kept)
	})
	body := e.Feed(city, kept)
	run("copying it", func() []byte { return bytes.Clone(body) })
}

// The writer alone beside the library's own serialiser, with the same model.
func BenchmarkWriter(b *testing.B) {
	model, err := ical.ParseCalendar(bytes.NewReader(encoder(b).Feed(city, fragments(b, encoder(b), "sv", season(b, 1_000)...))))
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ours", func(b *testing.B) {
		var w writer
		b.ReportAllocs()
		for b.Loop() {
			w.buf = w.buf[:0]
			for _, c := range model.Components {
				w.component(c)
			}
		}
	})
	b.Run("golang-ical", func(b *testing.B) {
		var out bytes.Buffer
		b.ReportAllocs()
		for b.Loop() {
			out.Reset()
			if err := model.SerializeTo(&out, ical.WithNewLineWindows, ical.WithLineLength(75)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
