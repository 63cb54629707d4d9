package main

import (
	"io"
	"os"

	"samling/mailer"
)

type bounceCommand struct {
	To []string `placeholder:"ADDRESS" help:"The address that it was sent to, where no header says so."`
}

// Run reads one message, beside a serve if there is one. What is no business of
// ours is no failure: the mail server that feeds us would tell its sender so.
func (b *bounceCommand) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	r, err := mailer.ReadReturned(os.Stdin)
	if err != nil {
		return err
	}
	// Whoever feeds us may take it for a failure that we stop reading.
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	r.To = append(b.To, r.To...)
	upshot, err := in.planner.TakeBack(s.ctx, r)
	if err != nil {
		return err
	}
	s.say("command.bounce." + string(upshot))
	return nil
}
