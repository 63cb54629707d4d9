package main

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"samling/ics"
	"samling/planner"
)

type importCalendar struct {
	File        string `arg:"" name:"file|url" help:"An iCalendar file, or its https address."`
	Association string `required:"" placeholder:"SLUG" help:"Whose calendar it is."`
	Draft       bool   `help:"Keep the events as drafts instead of publishing them."`
}

const (
	largestCalendar = ics.MaxImportBytes
	mostEvents      = 5_000
	fetchLasts      = 30 * time.Second
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
	text, err := readCapped(file)
	if _, told := errors.AsType[failure](err); err != nil && !told {
		err = unreadable(from, err)
	}
	return text, err
}

func readCapped(r io.Reader) ([]byte, error) {
	text, err := io.ReadAll(io.LimitReader(r, largestCalendar+1))
	if err == nil && len(text) > largestCalendar {
		err = failure{"command.calendar-too-large", []any{"Max", largestCalendar / 1_000_000}, nil}
	}
	return text, err
}

// fetchCalendar gets a calendar once, for whoever typed its address: she may ask
// for whatever her machine can reach, so unlike a program that fetches what
// strangers ask for it does not look where an address leads. It only keeps to
// the web, to half a minute and to 5 MB.
func fetchCalendar(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, wrongUse{failure{"command.calendar-scheme", nil, nil}}
	}
	if u.Scheme == "webcal" {
		u.Scheme = "https"
	}
	if !isWeb(u) {
		return nil, wrongUse{failure{"command.calendar-scheme", nil, nil}}
	}
	shown := u.Redacted()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	client := http.Client{Timeout: fetchLasts, CheckRedirect: func(next *http.Request, before []*http.Request) error {
		if !isWeb(next.URL) || len(before) > 5 {
			return errors.New("redirected to where it may not lead")
		}
		return nil
	}}
	answer, err := client.Do(request)
	if err != nil {
		if failed, ok := errors.AsType[*url.Error](err); ok {
			err = failed.Err // its own text repeats the address, secrets and all
		}
		return nil, failure{"command.calendar-address", []any{"Address", shown, "Reason", err}, nil}
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, failure{"command.calendar-answer", []any{"Address", shown, "Status", answer.Status}, nil}
	}
	text, err := readCapped(answer.Body)
	if _, told := errors.AsType[failure](err); err != nil && !told {
		err = failure{"command.calendar-address", []any{"Address", shown, "Reason", err}, nil}
	}
	return text, err
}

func isWeb(u *url.URL) bool { return (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" }
