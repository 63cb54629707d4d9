package handlers

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// What healthz tells samling doctor, who asks at the public address: which
// installation answers (planner.Mark), and whom it takes the client for, behind
// one of the words below.
const (
	HeaderInstallation = "Samling-Installation"
	HeaderClient       = "Samling-Client"

	ClientDirect    = "direct"    // nobody said for whom she asks
	ClientForwarded = "forwarded" // a trusted proxy said so
	ClientIgnored   = "ignored"   // somebody said so who is not trusted
)

// healthz says that the process answers.
func (s *Server) healthz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return models.Fault(models.CodeUnavailable)
	}
	from, how := s.from(c)
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set(HeaderInstallation, planner.Mark(s.Planner.Keys.Vault().ID()))
	c.Set(HeaderClient, how+" "+from.String())
	return c.SendString("ok\n")
}

// readyLasts is how long an answer of readyz is given again. Asking writes to the
// store, and anybody may ask.
const readyLasts = time.Second

// readiness is what readyz said last. The zero value: nothing yet.
type readiness struct {
	mu   sync.Mutex
	at   time.Time
	says fares
	err  error
}

// fares is what readyz says.
type fares struct {
	Status string `json:"status"`
	Mail   string `json:"mail,omitempty"`
	Oldest int    `json:"oldest_mail_seconds,omitempty"`
	// Trouble is why somebody must look after the mail.
	Trouble string `json:"mail_trouble,omitempty"`
}

// readyz says that requests can be answered, and how mail fares. Paused mail does
// not make it unready: sign-ups are taken, and the mails wait in the store. Why
// it is paused is for the log, since anybody may ask here. Asked with ?deep it says
// no when the mail is in trouble: for programs that call people, and not for those
// that take an instance out of service.
func (s *Server) readyz(c *fiber.Ctx) error {
	if s.stopping.Load() {
		return models.Fault(models.CodeUnavailable)
	}
	r := &s.ready
	r.mu.Lock() // who comes while one asks is given her answer
	defer r.mu.Unlock()
	if r.at.IsZero() || s.Now().Sub(r.at) >= readyLasts {
		r.says, r.err = s.fares(c.UserContext())
		r.at = s.Now()
	}
	if r.err != nil {
		return models.Because(models.CodeUnavailable, r.err)
	}
	if r.says.Trouble != "" && c.Context().QueryArgs().Has("deep") {
		says := r.says
		says.Status = "in trouble"
		return s.json(c, http.StatusServiceUnavailable, says)
	}
	return s.json(c, http.StatusOK, r.says)
}

// fares asks store and outbox.
func (s *Server) fares(ctx context.Context) (fares, error) {
	says := fares{Status: "ready"}
	if err := s.Planner.Ready(ctx); err != nil || s.Outbox == nil {
		return says, err
	}
	mail, err := s.mailFares(ctx)
	says.Mail, says.Trouble = "running", mail.Trouble
	if mail.Paused {
		says.Mail = "paused"
	}
	if !mail.Oldest.IsZero() {
		says.Oldest = int(max(0, s.Now().Sub(mail.Oldest)) / time.Second)
	}
	return says, err
}

// mailSeen is how mail fared when somebody asked last.
type mailSeen struct {
	mu   sync.Mutex
	at   time.Time
	says MailFares
	err  error
}

// mailFares is how mail fares; what was said within the last second is said again.
func (s *Server) mailFares(ctx context.Context) (MailFares, error) {
	if s.Outbox == nil {
		return MailFares{}, nil
	}
	m := &s.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.at.IsZero() || s.Now().Sub(m.at) >= readyLasts {
		m.says, m.err = s.Outbox.Fares(ctx)
		m.at = s.Now()
	}
	return m.says, m.err
}
