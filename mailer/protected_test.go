package mailer

import (
	"strings"
	"testing"
	"time"

	"samling/models"
)

// A mail that is not to tell the place says when that will be told, and neither its
// text nor its calendar entry has a place.
func TestCompose_Veiled(t *testing.T) {
	for name, s := range map[string]struct {
		kind  models.MailKind
		state models.State
		want  string
	}{
		"going":    {models.MailGoing, models.Going, "Var: Du får veta var vi ses i ett mejl"},
		"reminder": {models.MailReminder, models.Going, "Var: Du får veta var vi ses i ett mejl"},
		"confirm":  {models.MailConfirm, models.Held, "Var: Var vi ses får du veta när du har en bekräftad plats, tidigast"},
		"waiting":  {models.MailWaiting, models.Waiting, "Var: Var vi ses får du veta när du har en bekräftad plats, tidigast"},
		"regret":   {models.MailRegret, models.Left, ""},
	} {
		t.Run(name, func(t *testing.T) {
			l := letter(t, s.kind)
			place := strings.Split(l.Mail.Is.Place, ",")[0]
			l.Mail.State, l.Mail.About.Place = s.state, models.Place{}
			l.Mail.Is.Protected, l.Mail.Is.PlaceFrom = true, l.Mail.Is.Starts.Add(-24*time.Hour)
			l.Mail.Is = l.Mail.Is.Veil()
			_, parts := leaves(t, compose(t, l).Bytes)
			var all string
			for _, p := range parts {
				all += string(p.content)
			}
			text := string(parts[0].content)
			if !strings.Contains(text, s.want) || s.want == "" && strings.Contains(text, "Var:") {
				t.Errorf("says:\n%s", text)
			}
			object, _ := l.calendar()
			if place == "" || strings.Contains(all, place) || strings.Contains(string(object), "LOCATION") {
				t.Errorf("tells %q", place)
			}
		})
	}
}

// A queued mail is dropped when its place is no longer the one, and not because it
// has none.
func TestJudge_Place(t *testing.T) {
	is := letter(t, models.MailPlace).Mail.Is
	moved := is
	moved.Place = "Någon annanstans"
	entry := models.Entry{State: models.Going, Party: 1}
	for name, s := range map[string]struct {
		kind models.MailKind
		said models.Facts
		want string
	}{
		"the place":             {models.MailPlace, is, ""},
		"another place by now":  {models.MailPlace, moved, "superseded"},
		"reminded without it":   {models.MailReminder, is.Veil(), ""},
		"reminded of another":   {models.MailReminder, moved, "superseded"},
		"reminded before a day": {models.MailReminder, func() models.Facts { f := is.Veil(); f.Starts = f.Starts.Add(time.Hour); return f }(), "superseded"},
	} {
		m := models.Mail{Kind: s.kind, State: models.Going, Party: 1, Is: s.said}
		a := acquaintance{entries: map[models.ID]models.Entry{{1}: entry}, facts: is}
		got := ""
		if err := a.judge(&m, models.ID{1}, is.Starts.Add(-time.Hour)); err != nil {
			got = err.Error()
		}
		if got != s.want && !(s.want != "" && strings.Contains(got, s.want)) {
			t.Errorf("%s: %q, want %q", name, got, s.want)
		}
	}
}

// A place that she was never told is not a new one when the hour changes.
func TestCompose_MovedAndNeverToldWhere(t *testing.T) {
	l := letter(t, models.MailChanged)
	l.Mail.Was.Protected = true
	l.Mail.Was = l.Mail.Was.Veil()
	_, parts := leaves(t, compose(t, l).Bytes)
	text := string(parts[0].content)
	for _, want := range []string{"Ny tid", "Var: Biblioteket"} {
		if !strings.Contains(text, want) {
			t.Errorf("lacks %q:\n%s", want, text)
		}
	}
	if strings.Contains(text, "Ny plats") || strings.Contains(text, "tid och plats") {
		t.Errorf("says that the place is new:\n%s", text)
	}
}
