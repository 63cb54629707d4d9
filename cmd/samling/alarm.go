package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"

	"samling/cmd/samling/doctor"
	"samling/models"
)

// alert is what somebody is called about. It names nobody.
type alert struct {
	Trouble string    `json:"trouble"`         // mail-refused, mail-away, mail-late, backup-old
	Since   time.Time `json:"since"`           // UTC
	Text    string    `json:"text"`            // in the installation's language; chat programs show it
	Reply   string    `json:"reply,omitempty"` // the mail server's words, addresses cut out
	Site    string    `json:"site"`
}

// alarm calls somebody when something has gone wrong that nobody may see until
// it is late. It works apart from whatever it watches, so that a call that hangs
// keeps nothing up.
type alarm struct {
	now  func() time.Time
	log  *slog.Logger
	look func(ctx context.Context) ([]alert, error) // what is wrong now
	call func(ctx context.Context, a alert) error

	called map[string]time.Time // by trouble; when it may be called about again
}

// How often the alarm looks, how long one call may take, when one that failed is
// made again, and when one is repeated about what still is not mended.
const (
	alarmLooks   = 10 * time.Second
	callLasts    = 20 * time.Second
	callAgain    = 5 * time.Minute
	callRepeated = day
)

// run looks until ctx ends.
func (a *alarm) run(ctx context.Context) {
	tick := time.NewTicker(alarmLooks)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			a.round(ctx)
		}
	}
}

// round calls about each trouble once, and again when it is well in between, or
// after a day.
func (a *alarm) round(ctx context.Context) {
	troubles, err := a.look(ctx)
	if err != nil {
		return // the store is away, which nobody needs to hear from us
	}
	for known := range a.called {
		if !slices.ContainsFunc(troubles, func(t alert) bool { return t.Trouble == known }) {
			delete(a.called, known)
		}
	}
	for _, t := range troubles {
		if again, ok := a.called[t.Trouble]; ok && a.now().Before(again) {
			continue
		}
		calling, cancel := context.WithTimeout(ctx, callLasts)
		err := a.call(calling, t)
		cancel()
		if a.called == nil {
			a.called = map[string]time.Time{}
		}
		a.called[t.Trouble] = a.now().Add(callRepeated)
		if err != nil {
			a.called[t.Trouble] = a.now().Add(callAgain)
			a.log.Error("SAMLING_ALERT could not be called", "trouble", t.Trouble, "error", err)
		}
	}
}

// alarm is the one of the settings; nil when nobody is to be called.
func (s *session) alarm(post fares, log *slog.Logger) *alarm {
	if s.settings.alert == "" {
		return nil
	}
	call := s.alertByCommand
	if strings.HasPrefix(s.settings.alert, "https://") {
		client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
		call = func(ctx context.Context, a alert) error { return alertByWeb(ctx, client, s.settings.alert, a) }
	}
	speak := s.words.In(s.settings.language)
	look := func(ctx context.Context) ([]alert, error) {
		var all []alert
		found := func(trouble string, since time.Time, reply string, with ...any) {
			text := speak.T("alert."+trouble, append(with, "Site", s.settings.url, "Reply", reply)...)
			all = append(all, alert{trouble, models.Milli(since), text, reply, s.settings.url})
		}
		mail, err := post.Fares(ctx)
		if mail.Trouble != "" {
			found("mail-"+mail.Trouble, mail.Since, mail.Words)
		}
		if info, missing := os.Stat(s.settings.keyFile + doctor.BackedUp); missing == nil && s.now().Sub(info.ModTime()) > doctor.Stale {
			found("backup-old", info.ModTime(), "", "Count", int(s.now().Sub(info.ModTime())/day))
		}
		return all, err
	}
	return &alarm{now: s.now, log: log, look: look, call: call}
}

// alertByWeb posts an alert as JSON. Its errors do not show the address, which
// often holds a secret.
func alertByWeb(ctx context.Context, client *http.Client, address string, a alert) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return errors.New("the address cannot be used")
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := client.Do(request)
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if answer.StatusCode >= 300 {
		return fmt.Errorf("it answers %s", answer.Status)
	}
	return nil
}

// alertByCommand runs the command of the settings, without a shell. It is told
// by its environment, which has none of our settings, and by JSON on its input.
func (s *session) alertByCommand(ctx context.Context, a alert) error {
	body, err := json.Marshal(a)
	if err != nil {
		return err
	}
	words := strings.Fields(s.settings.alert)
	cmd := exec.CommandContext(ctx, words[0], words[1:]...)
	cmd.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SAMLING_") }),
		"SAMLING_ALERT_TROUBLE="+a.Trouble, "SAMLING_ALERT_SINCE="+a.Since.Format(time.RFC3339), "SAMLING_ALERT_TEXT="+a.Text,
		"SAMLING_ALERT_REPLY="+a.Reply, "SAMLING_ALERT_SITE="+a.Site)
	cmd.Stdin = bytes.NewReader(body)
	cmd.WaitDelay = time.Second // for children of it that hold our pipes
	return cmd.Run()
}
