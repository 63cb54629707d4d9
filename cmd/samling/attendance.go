package main

import (
	"bytes"
	"errors"

	"samling/handlers"
	"samling/models"
)

type attendanceCommand struct {
	Event   string `arg:"" help:"Its id, or the last part of its address."`
	Answers bool   `help:"Take along what they answered: telephone, food, interpreter and access."`
	Format  string `enum:"csv,xlsx,json" default:"csv" help:"csv, xlsx or json."`
}

// Run prints a list whole or not at all.
func (a *attendanceCommand) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	list, err := in.planner.Attendance(s.ctx, nil, a.Event, a.Format, false)
	if errors.Is(err, models.ErrNotFound) {
		return failure{"command.no-event", []any{"Event", a.Event}, nil}
	}
	if err != nil {
		return err
	}
	if !a.Answers {
		list.Asked = nil
	}
	var out bytes.Buffer
	if err := handlers.WriteAttendance(&out, a.Format, list, s.speak); err != nil {
		return err
	}
	_, err = s.stdout.Write(out.Bytes())
	return err
}
