package models

import "testing"

func TestMail_Superseded(t *testing.T) {
	told := Entry{State: Going, Party: 2}
	for name, c := range map[string]struct {
		mail Mail
		now  Entry
		want bool
	}{
		"still true":         {Mail{Kind: MailGoing, State: Going, Party: 2}, told, false},
		"another state":      {Mail{Kind: MailWaiting, State: Waiting, Party: 2}, told, true},
		"another party":      {Mail{Kind: MailGoing, State: Going, Party: 3}, told, true},
		"a question":         {Mail{Kind: MailAsked, State: Waiting, Party: 9}, told, false},
		"she has left since": {Mail{Kind: MailGoing, State: Going, Party: 2}, Entry{State: Left, Party: 2}, true},
	} {
		if got := c.mail.Superseded(c.now); got != c.want {
			t.Errorf("%s: got %t", name, got)
		}
	}
}

func TestMail_Invites(t *testing.T) {
	for _, c := range []struct {
		kind  MailKind
		state State
		want  bool
	}{
		{MailGoing, Going, true}, {MailPromoted, Going, true}, {MailParty, Going, true}, {MailChanged, Going, true},
		{MailCancelled, Going, true}, {MailPostponed, Going, true},
		{MailChanged, Waiting, false}, {MailCancelled, Held, false}, {MailParty, Waiting, false},
		{MailConfirm, Held, false}, {MailWaiting, Waiting, false}, {MailOffer, Offered, false}, {MailAsked, Going, false}, {MailSignIn, Unknown, false},
	} {
		if got := (&Mail{Kind: c.kind, State: c.state}).Invites(); got != c.want {
			t.Errorf("%s while %s: got %t", c.kind, c.state, got)
		}
	}
	for told, want := range map[State]bool{Going: true, Waiting: false, Held: false, Unknown: false} {
		if got := (&Mail{Kind: MailRegret, State: Left, Told: told}).Invites(); got != want {
			t.Errorf("regrets of somebody who was told %s: got %t", told, got)
		}
	}
}

func TestAbout_Title(t *testing.T) {
	about := About{Titles: map[string]string{"": "Möte", "en": "Meeting"}}
	if about.Title("en") != "Meeting" || about.Title("ar") != "Möte" {
		t.Errorf("got %q and %q", about.Title("en"), about.Title("ar"))
	}
}

func TestPerson_RoundTrip(t *testing.T) {
	want := Person{Name: "Åsa \"Å\" Öberg", Email: "asa@example.se", Note: "två\nrader"}
	if got, err := ParsePerson(want.Bytes()); err != nil || got != want {
		t.Errorf("got %+v, %v", got, err)
	}
	if _, err := ParsePerson([]byte("x")); err == nil {
		t.Error("took what is no person")
	}
}

func TestNormaliseEmail(t *testing.T) {
	if got := NormaliseEmail(" Asa+Mote@Example.SE\n"); got != "asa+mote@example.se" {
		t.Errorf("got %q", got)
	}
}

func TestNames(t *testing.T) {
	names := map[string]string{"en": "North"}
	d, g := District{Name: "Norr", Names: names}, Group{Name: "Norr", Names: names}
	for language, want := range map[string]string{"en": "North", "sv": "Norr", "": "Norr"} {
		if d.In(language) != want || g.In(language) != want {
			t.Errorf("%q: got %q and %q", language, d.In(language), g.In(language))
		}
	}
	for place, want := range map[Place]string{{}: "", {Name: "Parken"}: "Parken", {Address: "Gatan 1"}: "Gatan 1", {Name: "Parken", Address: "Gatan 1"}: "Parken, Gatan 1"} {
		if got := place.Line(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for state, want := range map[State]string{Held: "held", Going: "going", Waiting: "waiting", Offered: "offered", Left: "cancelled", Unknown: "unknown"} {
		if state.String() != want {
			t.Errorf("%c is %q", state, state)
		}
	}
	if Zone("Europe/Malmo").String() != "UTC" || Zone("Europe/Oslo").String() != "Europe/Oslo" {
		t.Error("zones are others than their names say")
	}
}
