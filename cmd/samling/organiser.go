package main

import (
	"errors"
	"time"

	"samling/models"
	"samling/planner"
)

type organiserCommands struct {
	ResetFactor organiserResetFactor `cmd:"" name:"reset-factor" help:"Take away the passkeys, codes and tokens of an organiser who has lost them, and sign her out everywhere."`
	Add         organiserAdd         `cmd:"" help:"Add an organiser, or give one more rights, and print a link that signs her in once, within 14 days."`
}

type organiserResetFactor struct {
	Email string `arg:"" help:"Her address."`
}

// Run helps a coordinator who has lost her phone and has no other coordinator to
// ask.
func (r *organiserResetFactor) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	o, err := s.organiser(in, r.Email)
	if err != nil {
		return err
	}
	if err := in.planner.ResetFactors(s.ctx, planner.Command(), o.ID); err != nil {
		return err
	}
	s.say("command.factors-reset", "Email", o.Email)
	return nil
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
	Create tokenCreate `cmd:"" help:"Print a token with which a program acts as an organiser, within its scopes and for its time. It is shown only once."`
}

type tokenCreate struct {
	Organiser string   `required:"" placeholder:"EMAIL" help:"Her address."`
	For       string   `default:"samling token create" placeholder:"TEXT" help:"What uses it, as her account page calls it."`
	Scope     []string `default:"read-events,write-events,read-attendance,check-in" placeholder:"SCOPE" help:"What it is for: read-events, write-events, read-attendance, check-in. Can be given several times."`
	Lasts     string   `default:"365d" placeholder:"TIME" help:"How long it works, at most 365d."`
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
	lasts, err := parseDuration(t.Lasts)
	if err != nil {
		return failure{"command.bad-lasts", []any{"Value", t.Lasts}, err}
	}
	scopes := make([]models.Scope, len(t.Scope))
	for i, scope := range t.Scope {
		scopes[i] = models.Scope(scope)
	}
	token, err := in.planner.CreateToken(s.ctx, o.ID, t.For, lasts, scopes...)
	if err != nil {
		return err
	}
	return s.make(token)
}
