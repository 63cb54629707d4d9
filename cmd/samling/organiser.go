package main

import (
	"errors"
	"time"

	"samling/models"
)

type organiserCommands struct {
	Add organiserAdd `cmd:"" help:"Add an organiser, or give one more rights, and print a link that signs her in once, within 14 days."`
}

type organiserAdd struct {
	Email       string   `arg:"" help:"Her address."`
	Role        string   `required:"" enum:"organiser,coordinator" placeholder:"ROLE" help:"organiser: her own associations; coordinator: everything."`
	Association []string `sep:"none" placeholder:"SLUG" help:"An association or a working group that she works for. Can be given several times."`
}

func (*organiserAdd) needs() []string { return []string{"url"} }

func (o *organiserAdd) Run(s *session) error {
	in, err := s.open()
	if err != nil {
		return err
	}
	defer in.close()
	added, err := in.planner.AddOrganiser(s.ctx, models.Organiser{Email: o.Email, Role: models.Role(o.Role), For: o.Association})
	if err != nil {
		return err
	}
	s.say("command.organiser-added", "Email", added.Email)
	return s.makeSignIn(in, added, models.InvitationLasts)
}

type signInCommand struct {
	Email string `arg:"" help:"Address of an organiser."`
}

func (*signInCommand) needs() []string { return []string{"url"} }

// Run prints a link for somebody whom the mail does not reach.
func (c *signInCommand) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	o, err := s.organiser(in, c.Email)
	if err != nil {
		return err
	}
	return s.makeSignIn(in, o, models.SignInLasts)
}

// makeSignIn prints a link that signs an organiser in once.
func (s *session) makeSignIn(in *installation, o models.Organiser, lasts time.Duration) error {
	token, err := in.planner.CreateSignIn(s.ctx, o.ID, lasts)
	if err != nil {
		return err
	}
	return s.make(s.settings.url + "/sign-in?token=" + token)
}

func (s *session) organiser(in *installation, email string) (models.Organiser, error) {
	o, err := in.planner.OrganiserByEmail(s.ctx, email)
	if errors.Is(err, models.ErrNotFound) {
		return o, failure{"command.no-organiser", []any{"Email", email}, nil}
	}
	return o, err
}

type tokenCommands struct {
	Create tokenCreate `cmd:"" help:"Print a token with which a program acts as an organiser, for a year. It is shown only once."`
}

type tokenCreate struct {
	Organiser string `required:"" placeholder:"EMAIL" help:"Her address."`
}

// Run prints a new token.
func (t *tokenCreate) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	o, err := s.organiser(in, t.Organiser)
	if err != nil {
		return err
	}
	token, err := in.planner.CreateToken(s.ctx, o.ID)
	if err != nil {
		return err
	}
	return s.make(token)
}
