package mailer

import (
	"context"
	"time"

	"samling/models"
)

// Paused says since when and why no mail goes out; the zero time when it does.
// ours: somebody must look at the settings, waiting does not help.
func (o *Outbox) Paused() (since time.Time, why string, ours bool) {
	o.pause.mu.Lock()
	defer o.pause.mu.Unlock()
	if o.pause.faults == 0 {
		return time.Time{}, "", false
	}
	return o.pause.since, o.pause.why, o.pause.class == Ours
}

// Counts are the numbers of mails by status.
func (o *Outbox) Counts(ctx context.Context) (map[models.MailStatus]int, error) {
	counts := map[models.MailStatus]int{}
	for _, status := range models.MailStatuses() {
		n, err := o.cfg.Store.Mails.Count(ctx, models.Query{Index: "status", Equal: []any{string(status)}})
		if err != nil {
			return nil, err
		}
		counts[status] = n
	}
	return counts, nil
}

// Lag is how long the oldest mail that should have gone out has waited since it
// was due; 0 when none does.
func (o *Outbox) Lag(ctx context.Context) (time.Duration, error) {
	var oldest time.Time
	for _, status := range []models.MailStatus{models.MailQueued, models.MailSending} {
		for m, err := range o.cfg.Store.Mails.List(ctx, models.Query{Index: "status", Equal: []any{string(status)}, Limit: 1}) {
			if err != nil {
				return 0, err
			}
			if oldest.IsZero() || m.Due.Before(oldest) {
				oldest = m.Due
			}
		}
	}
	if oldest.IsZero() {
		return 0, nil
	}
	return max(0, o.cfg.Now().Sub(oldest)), nil
}
