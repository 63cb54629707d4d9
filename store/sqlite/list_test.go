package sqlite

import (
	"strings"
	"testing"

	"samling/models"
	"samling/store/shape"
)

// TestList_ReadsByIndex asks SQLite how it would answer each shape of query: by
// a search in the index, without sorting, with the cursor inside of the search.
func TestList_ReadsByIndex(t *testing.T) {
	s, _ := fresh(t, Options{})
	c := s.RSVPs.(*collection[models.RSVP, *models.RSVP])
	after := models.Cursor{Parts: []any{"e", int64(5)}, ID: "x"}
	for _, q := range []struct {
		name string
		models.Query
		want string
	}{
		{"by id", models.Query{After: models.Cursor{ID: "x"}}, "(id>?)"},
		{"the whole index", models.Query{Index: "event", After: after}, "((event_1,event_2,id)>(?,?,?))"},
		{"backwards", models.Query{Index: "event", After: after, Descending: true}, "(event_1,event_2,id)<(?,?,?)"},
		{"equal", models.Query{Index: "event", Equal: []any{"e"}}, "(event_1=?)"},
		{"equal, behind a cursor", models.Query{Index: "event", Equal: []any{"e"}, After: after}, "(event_1=? AND (event_2,id)>(?,?))"},
		{"range", models.Query{Index: "event", Equal: []any{"e"}, From: int64(1), To: int64(9)}, "(event_1=? AND event_2>? AND event_2<?)"},
		{"range, behind a cursor", models.Query{Index: "event", Equal: []any{"e"}, From: int64(1), To: int64(9), After: after}, "(event_1=? AND (event_2,id)>(?,?)"},
		{"range, behind a cursor, backwards", models.Query{Index: "event", Equal: []any{"e"}, From: int64(1), To: int64(9), After: after, Descending: true}, "(event_2,id)<(?,?)"},
		{"open range, behind a cursor", models.Query{Index: "event", Equal: []any{"e"}, From: int64(1), After: after}, "(event_1=? AND (event_2,id)>(?,?)"},
		{"range of the first part, behind a cursor", models.Query{Index: "event", From: "a", To: "e", After: after}, "((event_1,event_2,id)>(?,?,?)"},
		{"all parts, behind a cursor", models.Query{Index: "event", Equal: []any{"e", int64(5)}, After: after}, "(event_1=? AND event_2=? AND id>?)"},
	} {
		t.Run(q.name, func(t *testing.T) {
			search, err := c.search(q.Query)
			if err != nil {
				t.Fatal(err)
			}
			query, args := search.query(200)
			rows, err := under(s).read.Query("EXPLAIN QUERY PLAN "+query, args...)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			var plan []string
			for rows.Next() {
				var id, parent, unused int
				var detail string
				if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
					t.Fatal(err)
				}
				plan = append(plan, detail)
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			if len(plan) != 1 || !strings.HasPrefix(plan[0], "SEARCH") || !strings.Contains(plan[0], q.want) {
				t.Errorf("plan %q, want one search by %s", plan, q.want)
			}
		})
	}
}

// TestList_BigDocuments ends a page early rather than hold 200 rosters.
func TestList_BigDocuments(t *testing.T) {
	s, _ := fresh(t, Options{})
	const documents, size = 12, 1 << 20
	for n := range documents {
		if err := s.RSVPs.Create(t.Context(), models.RSVP{Document: models.Document{ID: string(rune('a' + n))}, Sealed: make([]byte, size)}); err != nil {
			t.Fatal(err)
		}
	}
	c := s.RSVPs.(*collection[models.RSVP, *models.RSVP])
	search, err := c.search(models.Query{})
	if err != nil {
		t.Fatal(err)
	}
	page, more, err := search.page(t.Context(), under(s), shape.PageDocuments)
	if err != nil || !more || len(page) > shape.PageBytes/size+1 {
		t.Errorf("a page of %d documents, more %v, %v", len(page), more, err)
	}
	n := 0
	for _, err := range s.RSVPs.List(t.Context(), models.Query{}) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != documents {
		t.Errorf("%d documents, want %d", n, documents)
	}
}
