package main

import (
	_ "embed"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"samling/cmd/samling/demo"
	"samling/handlers"
	"samling/mailer"
	"samling/models"
	"samling/models/vault"
	"samling/planner"
)

type demoCommand struct{}

// The sample files that the invented city is made of.
var (
	//go:embed demo/associations.csv
	sampleAssociations string
	//go:embed demo/groups.csv
	sampleGroups string
)

// Run serves an invented city until it is interrupted, from a folder that is
// thrown away, and prints links with which to sign in.
func (*demoCommand) Run(s *session) error {
	folder, err := os.MkdirTemp("", "samling-demo-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	s.settings.store = "sqlite:" + filepath.Join(folder, "samling.db")
	s.settings.keyFile = filepath.Join(folder, "samling.key")
	s.settings.noMail = true
	s.settings.from = "samling@samling.invalid"
	if s.settings.central == "" {
		s.settings.central = "Stadsorganisationen"
	}
	if s.settings.url == "" {
		_, port, _ := net.SplitHostPort(s.settings.listen)
		s.settings.url = "http://localhost:" + port
	}

	// While the city is made its clock stands in the past: what has happened
	// there is written on its day, and its keys are as old.
	now := s.now
	past := now().AddDate(0, 0, -demo.Memory)
	clock := &past
	s.now = func() time.Time {
		if clock != nil {
			return *clock
		}
		return now()
	}
	if _, err := vault.Create(s.settings.keyFile, vault.DayOf(past)); err != nil {
		return err
	}
	mailbox := mailer.NewMailbox(mailsShown)
	log := slog.New(slog.NewTextHandler(s.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	return s.serve(log, mailbox, letters{mailbox}, func(in *installation, _ string) error {
		s.say("command.demo-begins")
		city := demo.City{Planner: in.planner, Clock: clock, Today: now()}
		if err := s.fill(&city); err != nil {
			return err
		}
		clock = nil
		if err := in.planner.Keys.Vault().Advance(vault.DayOf(now())); err != nil {
			return err
		}
		s.say("command.demo-ready", "Site", s.settings.url)
		for _, some := range []struct {
			says string
			body models.Organiser
		}{
			{"command.demo-organiser", models.Organiser{Email: "organiser@example.org", Role: models.RoleOrganiser, For: []string{demo.Host}}},
			{"command.demo-coordinator", models.Organiser{Email: "coordinator@example.org", Role: models.RoleCoordinator}},
		} {
			o, err := in.planner.AddOrganiser(s.ctx, some.body)
			if err != nil {
				return err
			}
			s.say(some.says, "Email", o.Email)
			if err := s.makeSignIn(in, o, models.InvitationLasts); err != nil {
				return err
			}
		}
		if err := s.showDoor(in, city.Tonight); err != nil {
			return err
		}
		s.say("command.demo-open")
		return nil
	})
}

// fill makes the city out of the sample files.
func (s *session) fill(city *demo.City) error {
	districts, err := districtTable().read(strings.NewReader(firstDistricts))
	if err != nil {
		return err
	}
	groups, err := groupTable().read(strings.NewReader(sampleGroups))
	if err != nil {
		return err
	}
	associations, err := associationTable().read(strings.NewReader(sampleAssociations))
	if err != nil {
		return err
	}
	return city.Fill(s.ctx, districts, groups, associations)
}

// showDoor opens the door of an event, and prints its link.
func (s *session) showDoor(in *installation, event string) error {
	by := planner.Command()
	if err := in.planner.RenewDoor(s.ctx, by, event); err != nil {
		return err
	}
	e, d, err := in.planner.Door(s.ctx, by, event)
	if err != nil {
		return err
	}
	s.say("command.demo-door", "Title", e.Title, "Code", in.planner.DoorCode(&d))
	return s.make(s.settings.url + "/door/" + in.planner.DoorSecret(&d))
}

// letters shows the built-in mailbox in the browser: handlers may not know the
// mailer.
type letters struct{ *mailer.Mailbox }

// Letters is part of handlers.Mailbox.
func (l letters) Letters() []handlers.Letter {
	var out []handlers.Letter
	for _, m := range l.Messages() {
		out = append(out, handlers.Letter{
			From: m.From, To: m.To, Subject: m.Subject, Time: m.Time, Text: m.Text, HTML: m.HTML, Calendar: m.Calendar,
		})
	}
	return out
}
