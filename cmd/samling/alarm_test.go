package main

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/emersion/go-smtp"

	"samling/cmd/samling/doctor"
)

// The alarm calls once for each trouble, again when it was well in between or
// after a day, and soon again when nobody could be reached.
func TestAlarm_Rounds(t *testing.T) {
	refused, late := alert{Trouble: "mail-refused"}, alert{Trouble: "mail-late"}
	var calls []string
	var broken error
	var troubles []alert
	var away error
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	a := &alarm{
		now: func() time.Time { return now }, log: slog.New(slog.DiscardHandler),
		look: func(context.Context) ([]alert, error) { return troubles, away },
		call: func(_ context.Context, a alert) error { calls = append(calls, a.Trouble); return broken },
	}
	for _, step := range []struct {
		name     string
		after    time.Duration
		troubles []alert
		away     error
		broken   error
		want     string
	}{
		{name: "all is well"},
		{name: "a trouble", troubles: []alert{refused}, want: "mail-refused"},
		{name: "the same", after: alarmLooks, troubles: []alert{refused}},
		{name: "another beside it", after: alarmLooks, troubles: []alert{refused, late}, want: "mail-late"},
		{name: "the store is away", after: time.Hour, away: errors.New("away")},
		{name: "it is back", after: alarmLooks, troubles: []alert{refused, late}},
		{name: "one is mended", after: alarmLooks, troubles: []alert{late}},
		{name: "and comes again", after: alarmLooks, troubles: []alert{refused, late}, want: "mail-refused"},
		{name: "a day later", after: 23 * time.Hour, troubles: []alert{refused, late}, want: "mail-late"},
		{name: "and the other's", after: time.Hour, troubles: []alert{refused, late}, want: "mail-refused"},
		{name: "all is well again", after: time.Hour},
		{name: "nobody can be reached", after: time.Hour, troubles: []alert{late}, broken: errors.New("no"), want: "mail-late"},
		{name: "not at once again", after: alarmLooks, troubles: []alert{late}},
		{name: "but soon", after: callAgain, troubles: []alert{late}, want: "mail-late"},
		{name: "then not again", after: callAgain, troubles: []alert{late}},
	} {
		now = now.Add(step.after)
		calls, troubles, away, broken = nil, step.troubles, step.away, step.broken
		a.round(t.Context())
		if got := strings.Join(calls, " "); got != step.want {
			t.Errorf("%s: called about %q, want %q", step.name, got, step.want)
		}
	}
}

// A call that hangs is given up, and the alarm goes on looking.
func TestAlarm_CallHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		looks := 0
		a := &alarm{
			now: time.Now, log: slog.New(slog.DiscardHandler),
			look: func(context.Context) ([]alert, error) { looks++; return []alert{{Trouble: "mail-late"}}, nil },
			call: func(ctx context.Context, _ alert) error { <-ctx.Done(); return ctx.Err() },
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute+time.Second)
		defer cancel()
		a.run(ctx)
		if looks < 4 {
			t.Errorf("looked %d times in a minute", looks)
		}
	})
}

func TestAlarm_ByWeb(t *testing.T) {
	var got alert
	status := http.StatusOK
	web := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := json.NewDecoder(r.Body).Decode(&got); err != nil || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("%v, %v", err, r.Header)
		}
		w.WriteHeader(status)
	}))
	defer web.Close()
	sent := alert{Trouble: "mail-refused", Text: "Inga mejl", Reply: "535", Since: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC), Site: site}
	if err := alertByWeb(t.Context(), web.Client(), web.URL, sent); err != nil || got != sent {
		t.Errorf("%+v, %v", got, err)
	}
	status = http.StatusInternalServerError
	if err := alertByWeb(t.Context(), web.Client(), web.URL, sent); err == nil {
		t.Error("a refusal is no error")
	}
	web.Close()
	if err := alertByWeb(t.Context(), web.Client(), web.URL+"/hemligt", sent); err == nil || strings.Contains(err.Error(), "hemligt") {
		t.Errorf("the error is %v", err)
	}
}

// A real serve whose mail server refuses it, and whose backup is old, calls a real
// command once for each, and says so to whoever asks.
func TestAlarm_ServeCallsACommand(t *testing.T) {
	t.Parallel()
	c := newCity(t)
	c.post.meet(func(phase, _ string) error {
		if phase == "mail" {
			return &smtp.SMTPError{Code: 530, EnhancedCode: smtp.EnhancedCode{5, 7, 0}, Message: "<asa@example.org> is not ours"}
		}
		return nil
	})
	script := c.file(t, "call.sh", "#!/bin/sh\n{ env; cat; echo; } >> \"$1\"\n")
	if err := os.Chmod(script, 0o700); err != nil {
		t.Fatal(err)
	}
	calls := filepath.Join(c.dir, "calls")
	c.environ = append(c.environ, "SAMLING_ALERT="+script+" "+calls)
	token := c.founded(t)
	if err := touch(filepath.Join(c.dir, "data/samling.key"+doctor.BackedUp), time.Now().Add(-9*day)); err != nil {
		t.Fatal(err)
	}
	s := c.serve(t, token)
	s.signUp(t, s.event(t, townHall("Hört", 5)), "a@example.net")
	var text string
	eventually(t, 30*time.Second, func() (any, bool) {
		b, err := os.ReadFile(calls)
		text = string(b)
		return text, err == nil && strings.Count(text, "}\n") == 2
	})
	for _, want := range []string{"SAMLING_ALERT_TROUBLE=mail-refused\n", `"trouble":"mail-refused"`, "530 5.7.0 <…> is not ours", site, `"trouble":"backup-old"`, "9 dagar"} {
		if !strings.Contains(text, want) {
			t.Errorf("the command was not told %q:\n%s", want, text)
		}
	}
	for _, secret := range []string{"SAMLING_SMTP", "asa@", "a@example.net"} {
		if strings.Contains(text, secret) {
			t.Errorf("the command was told %q:\n%s", secret, text)
		}
	}
	if status, text := s.call(t, "GET", "/readyz?deep", "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("readyz?deep: %d %s", status, text)
	}
	if status, text := s.call(t, "GET", "/readyz", "", ""); status != http.StatusOK {
		t.Errorf("readyz: %d %s", status, text)
	}
}
