package follow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"samling/ics"
	"samling/models"
	"samling/planner"
)

const (
	lookEvery  = 15 * time.Second
	atOnce     = 4 // fetches
	patience   = 6 * time.Second
	mostEvents = 2_000 // that one calendar may have to come
	goOnEvery  = 50    // events taken over
)

// Follower fetches the calendars that are due and takes over what they say. Several
// may work on one store: who fetches a calendar says so in its document first, and
// whatever a crash cuts off is done again.
type Follower struct {
	planner *planner.Planner
	fetcher *Fetcher
	log     *slog.Logger
	asked   chan asked
	parse   func([]byte, ics.ParseOptions) (ics.Calendar, error) // ics.Read; tests have others
}

// asked is a calendar that somebody waits for.
type asked struct {
	id   string
	done chan struct{}
}

// New makes a Follower that does nothing before Run.
func New(p *planner.Planner, f *Fetcher, log *slog.Logger) *Follower {
	return &Follower{planner: p, fetcher: f, log: log, asked: make(chan asked), parse: ics.Read}
}

// Run follows until ctx ends, and returns when the fetches in hand have come to
// rest.
func (f *Follower) Run(ctx context.Context) {
	work := make(chan asked)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for a := range work {
				f.follow(ctx, a.id)
				if a.done != nil {
					close(a.done)
				}
			}
		})
	}
	give := func(a asked) {
		select {
		case work <- a:
		case <-ctx.Done():
		}
	}
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case a := <-f.asked:
			give(a)
		case <-tick.C:
			ids, err := f.due(ctx)
			if err != nil && ctx.Err() == nil {
				f.log.Error("could not look for calendars to fetch", "error", err)
			}
			for _, id := range ids {
				give(asked{id: id})
			}
		}
	}
	close(work)
	workers.Wait()
}

// Fetch has a calendar that is due fetched now. It returns when that is done, or
// after some seconds: it goes on all the same.
func (f *Follower) Fetch(ctx context.Context, id string) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	a := asked{id, make(chan struct{})}
	select {
	case f.asked <- a:
	case <-ctx.Done():
		return
	}
	select {
	case <-a.done:
	case <-ctx.Done():
	}
}

// due are the calendars that are to be fetched.
func (f *Follower) due(ctx context.Context) (ids []string, err error) {
	until := f.planner.Now().UnixMilli() + 1
	for w, err := range f.planner.Store.Follows.List(ctx, models.Query{Index: "due", To: until}) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, w.ID)
	}
	return ids, nil
}

// follow fetches one calendar, if it is still due, and does what follows.
func (f *Follower) follow(ctx context.Context, id string) {
	claim := uuid.NewString()
	w, err := f.update(ctx, id, func(w *models.Follow) error { return w.Begin(claim, f.planner.Now()) })
	if err == nil {
		err = f.round(ctx, &w)
	}
	switch models.CodeOf(err) {
	case "", models.CodeNotPossible, models.CodeChangedMeanwhile:
	default:
		if ctx.Err() == nil {
			f.log.Error("could not follow a calendar", "calendar", id, "site", w.Site, "error", err)
		}
	}
}

func (f *Follower) update(ctx context.Context, id string, change func(*models.Follow) error) (models.Follow, error) {
	return f.planner.Store.Follows.Update(ctx, id, change)
}

// round is one fetch, from the claim to the result.
func (f *Follower) round(ctx context.Context, w *models.Follow) error {
	address, err := f.planner.CalendarAddress(w)
	if err != nil {
		return f.fail(ctx, w, &Fault{Trouble: models.Trouble{Code: "address-lost"}, cause: err})
	}
	etag, modified := w.Unchanged(f.planner.Now())
	answer, err := f.fetcher.Fetch(ctx, address, etag, modified)
	if fault, ok := errors.AsType[*Fault](err); ok {
		return f.fail(ctx, w, fault)
	}
	if err != nil {
		return err
	}
	if answer.Unchanged {
		return f.finish(ctx, w, nil, answer)
	}
	now := f.planner.Now()
	y, m, d := now.In(models.Zone(f.planner.Zone)).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, models.Zone(f.planner.Zone))
	calendar, err := f.read(answer.Body, ics.ParseOptions{
		Zone: f.planner.Zone, From: today, To: today.AddDate(0, ics.MonthsAhead, 0), Within: true, MaxEvents: mostEvents,
	})
	if err != nil {
		return f.fail(ctx, w, unreadable(err))
	}
	if w.Status == models.FollowNew {
		_, err := f.update(ctx, w.ID, func(to *models.Follow) error {
			to.Name, to.Found = calendar.Name, find(calendar, now)
			return to.Succeed(w.Claim, f.planner.Now())
		})
		return err
	}
	if err := f.planner.Refresh(ctx); err != nil {
		return err
	}
	c := compare(f.planner.Followed(w.ID), calendar, now)
	if err := f.take(ctx, w, &c); err != nil {
		return err
	}
	w.Name = calendar.Name
	return f.finish(ctx, w, &c, answer)
}

// read is ics.Read, behind which libraries stand that we did not write: nobody's
// calendar may end the process that serves all others.
func (f *Follower) read(body []byte, opts ics.ParseOptions) (c ics.Calendar, err error) {
	defer func() {
		if p := recover(); p != nil {
			c, err = ics.Calendar{}, fmt.Errorf("panic: %v", p)
		}
	}()
	return f.parse(body, opts)
}

// unreadable is the Fault of a file that is no calendar, or one that cannot be
// read as a whole.
func unreadable(err error) *Fault {
	e, ok := errors.AsType[*models.Error](err)
	if !ok || len(e.Fields) == 0 {
		return &Fault{Trouble: models.Trouble{Code: "unreadable"}, cause: err}
	}
	return &Fault{Trouble: troubleOf(e.Fields[0]), cause: err}
}

// troubleOf is a wrong field as it is kept.
func troubleOf(field models.Field) models.Trouble {
	t := models.Trouble{Code: field.Code}
	for name, value := range field.With {
		if t.With == nil {
			t.With = map[string]string{}
		}
		t.With[name] = fmt.Sprint(value)
	}
	return t
}

func (f *Follower) fail(ctx context.Context, w *models.Follow, why *Fault) error {
	f.log.Warn("a calendar could not be fetched", "calendar", w.ID, "site", w.Site, "error", why)
	_, err := f.update(ctx, w.ID, func(w2 *models.Follow) error {
		return w2.Fail(w.Claim, why.Trouble, why.Later, f.planner.Now())
	})
	return err
}

// take takes over what has changed, one event after the other, and says now and
// then that it is still at it.
func (f *Follower) take(ctx context.Context, w *models.Follow, c *comparison) error {
	for i, t := range c.take {
		err := f.planner.TakeFollowed(ctx, w, t.id, t.event)
		switch e, _ := errors.AsType[*models.Error](err); models.CodeOf(err) {
		case "":
		case models.CodeInvalid:
			leave(&c.found, models.LeftOut{Glimpse: glimpse(&t.event), Trouble: troubleOf(e.Fields[0])})
		case models.CodeNotAllowed:
			c.leave(t.event, "elsewhere")
		default:
			return err
		}
		if i%goOnEvery == goOnEvery-1 {
			if _, err := f.update(ctx, w.ID, func(to *models.Follow) error { return to.GoOn(w.Claim, f.planner.Now()) }); err != nil {
				return err
			}
		}
	}
	return nil
}

// finish ends a round, and cancels what has been gone for long enough. c is nil
// when the calendar is as it was: then what is lost is what was lost before.
func (f *Follower) finish(ctx context.Context, w *models.Follow, c *comparison, answer Answer) error {
	now := f.planner.Now()
	if c == nil {
		c = f.asBefore(w, now)
	}
	lost := make([]models.Lost, len(c.lost))
	for i, l := range c.lost {
		signUps, err := f.planner.HasSignUps(ctx, l.ID)
		if err != nil {
			return err
		}
		lost[i] = models.Lost{Event: l.ID, Why: c.why[l.ID], SignUps: signUps}
	}
	var cancel []string
	_, err := f.update(ctx, w.ID, func(to *models.Follow) error {
		if !answer.Unchanged {
			to.Name, to.Found, to.Read = w.Name, c.found, models.Milli(now)
			to.ETag, to.Modified = answer.ETag, answer.Modified
		}
		cancel = to.Lose(lost, c.standing, now)
		return to.Succeed(w.Claim, f.planner.Now())
	})
	if err != nil {
		return err
	}
	for _, id := range cancel {
		if err := f.planner.CancelFollowed(ctx, w, id); err != nil && models.CodeOf(err) != models.CodeNotAllowed {
			return err
		}
	}
	return nil
}

// asBefore is a comparison with a calendar that is as it was.
func (f *Follower) asBefore(w *models.Follow, now time.Time) *comparison {
	c := &comparison{why: map[string]models.GoneReason{}}
	gone := map[string]models.GoneReason{}
	for _, g := range w.Gone {
		gone[g.Event] = g.Why
	}
	for _, l := range f.planner.Followed(w.ID) {
		if !stands(l, now) {
			continue
		}
		c.standing++
		if why, ok := gone[l.ID]; ok {
			c.lose(l, why)
		}
	}
	return c
}
