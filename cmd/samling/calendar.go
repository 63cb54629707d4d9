package main

import (
	"context"
	"io"
	"net/url"
	"os"
	"strings"

	"samling/ics"
	"samling/planner"
	"samling/planner/follow"
)

type importCalendar struct {
	File        string `arg:"" name:"file|url" help:"An iCalendar file, or its web address."`
	Association string `required:"" placeholder:"SLUG" help:"Whose calendar it is."`
	Draft       bool   `help:"Keep the events as drafts instead of publishing them."`
}

const (
	largestCalendar = ics.MaxImportBytes
	mostEvents      = 5_000
	// calendarAhead is how far recurring events are written out; beyond it
	// nobody plans.
	calendarAhead = 2 * 365 * day
)

// Run takes over the calendar: of events that recur, the occurrences from now on.
func (i *importCalendar) Run(s *session) error {
	text, err := readCalendar(s.ctx, i.File)
	if err != nil {
		return err
	}
	now := s.now()
	events, err := ics.Parse(text, ics.ParseOptions{Zone: s.settings.zone, From: now.Add(-day), To: now.Add(calendarAhead), MaxEvents: mostEvents})
	if err != nil {
		return notImported(i.File, err)
	}
	in, err := s.open()
	if err != nil {
		return err
	}
	defer in.close()
	follow.Recognise(in.planner.TakenOver(i.Association), events, now)
	n, fresh, err := in.planner.ImportEvents(s.ctx, planner.Command(), i.Association, events, i.Draft)
	if err != nil {
		return notImported(i.File, err)
	}
	s.say("command.calendar-imported", "Count", n, "New", fresh)
	return nil
}

func readCalendar(ctx context.Context, from string) ([]byte, error) {
	if strings.Contains(from, "://") {
		return fetchCalendar(ctx, from)
	}
	file, err := os.Open(from)
	if err != nil {
		return nil, unreadable(from, err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, largestCalendar+1))
	switch {
	case err != nil:
		return nil, unreadable(from, err)
	case len(text) > largestCalendar:
		return nil, failure{"command.calendar-too-large", []any{"Max", largestCalendar / 1_000_000}, nil}
	}
	return text, nil
}

// fetchCalendar gets a calendar once, for whoever typed its address: unlike what
// strangers may have us fetch, it may lie wherever her machine can reach.
func fetchCalendar(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err == nil && u.Scheme == "webcal" {
		u.Scheme = "https"
	}
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return nil, wrongUse{failure{"command.calendar-scheme", nil, nil}}
	}
	answer, err := follow.NewLocalFetcher(agent("")).Fetch(ctx, u.String(), "", "")
	if err != nil {
		return nil, failure{"command.calendar-address", []any{"Address", u.Redacted(), "Reason", err}, nil}
	}
	return answer.Body, nil
}

// agent is what we call ourselves to other people's servers, and where they can
// ask who we are.
func agent(site string) string {
	if site == "" {
		return "Samling/" + version()
	}
	return "Samling/" + version() + " (+" + site + ")"
}
