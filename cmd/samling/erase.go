package main

type eraseCommand struct {
	Email string `arg:"" help:"The address that somebody signed up with."`
}

// Run erases every sign-up of an address, beside a serve if there is one.
func (e *eraseCommand) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	erased, err := in.planner.EraseAddress(s.ctx, e.Email)
	if err != nil {
		return err
	}
	s.say("command.erased", "Count", erased)
	return nil
}
