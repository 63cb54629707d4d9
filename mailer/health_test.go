package mailer

import (
	"context"
	"testing"
	"time"

	"samling/models"
)

func TestOutbox_Health(t *testing.T) {
	bubble(t, func(t *testing.T, w *world) {
		o := w.outbox("a", &script{})
		w.mails(3)
		time.Sleep(90 * time.Second)
		lag, err := o.Lag(t.Context())
		if err != nil || lag != 90*time.Second {
			t.Errorf("lag %v, %v", lag, err)
		}
	})
}

// Somebody must look at once when we are refused, and when mail has waited for
// longer than a restart of the server takes.
func TestOutbox_Trouble(t *testing.T) {
	for name, tt := range map[string]struct {
		fault *Fault
		after time.Duration
		want  Trouble
	}{
		"all is well":            {nil, time.Hour, ""},
		"refused":                {&Fault{Class: Ours, Phase: phaseAuth, Reply: "535 wrong"}, time.Minute, TroubleRefused},
		"away for a moment":      {&Fault{Class: Away, Phase: phaseConnect, Reply: "421 soon"}, 9 * time.Minute, ""},
		"away":                   {&Fault{Class: Away, Phase: phaseConnect, Reply: "421 soon"}, 11 * time.Minute, TroubleAway},
		"one mail is taken back": {&Fault{Class: Temporary, Phase: phaseRcpt, Reply: "450 later"}, time.Hour, ""},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T, w *world) {
				begun := time.Now()
				o := patient(w.outbox("a", &script{do: func(context.Context, int, string) (string, error) {
					if tt.fault != nil {
						return "", tt.fault
					}
					return "250 ok", nil
				}}))
				defer run(t, o)()
				w.mails(1)
				o.Wake()
				time.Sleep(tt.after)
				got, since, words, err := o.Trouble(t.Context())
				if err != nil || got != tt.want {
					t.Errorf("%q, %v; want %q", got, err, tt.want)
				}
				if got != "" && (since.Sub(begun) > time.Second || words != tt.fault.Reply) {
					t.Errorf("since %v, %q", since, words)
				}
			})
		})
	}
	t.Run("late", func(t *testing.T) {
		bubble(t, func(t *testing.T, w *world) {
			w.mails(1)
			o := w.outbox("a", &script{}) // nobody works
			for after, want := range map[time.Duration]Trouble{9 * time.Minute: "", 11 * time.Minute: TroubleLate} {
				o.cfg.Now = func() time.Time { return time.Now().Add(after) }
				if got, since, _, err := o.Trouble(t.Context()); got != want || err != nil || got != "" && !since.Equal(models.Milli(time.Now())) {
					t.Errorf("after %v: %q since %v, %v", after, got, since, err)
				}
			}
		})
	})
}
