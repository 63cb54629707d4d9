package main

import (
	"bytes"
	"errors"

	"samling/handlers"
	"samling/models"
)

type attendanceCommand struct {
	Event  string   `arg:"" help:"Its id, or the last part of its address."`
	With   []string `enum:"email,needs,note,times,answers" default:"email,needs,note,times" help:"What to take along beside name, people and status, as the API does: email, needs, note, times; answers too if named."`
	Format string   `enum:"csv,xlsx,json" default:"csv" help:"csv, xlsx or json."`
}

// Run prints a list whole or not at all.
func (a *attendanceCommand) Run(s *session) error {
	in, err := s.openUsed()
	if err != nil {
		return err
	}
	defer in.close()
	t := handlers.Takeout{Format: a.Format, Along: a.With}
	list, err := in.planner.Attendance(s.ctx, nil, a.Event, t.How(), false)
	if errors.Is(err, models.ErrNotFound) {
		return failure{"command.no-event", []any{"Event", a.Event}, nil}
	}
	if err != nil {
		return err
	}
	zone := models.Zone(in.planner.Zone)
	t.By, t.At, t.Destroy = s.speak.T("organise.how.command"), in.planner.Now().In(zone), in.planner.ErasedBy(&list.Event).In(zone)
	var out bytes.Buffer
	if err := handlers.WriteAttendance(&out, t, list, s.speak); err != nil {
		return err
	}
	_, err = s.stdout.Write(out.Bytes())
	return err
}
