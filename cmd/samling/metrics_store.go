package main

import (
	"context"
	"time"

	"samling/models"
)

// timed is a store whose calls are counted and timed. Lists are not: they last
// as long as whoever reads them.
func (m *metrics) timed(s *models.Store, now func() time.Time) *models.Store {
	c := clocked{now, m.called}
	t := *s
	t.Backend = timedBackend{s.Backend, c}
	t.Districts = timedCollection[models.District]{s.Districts, c}
	t.Associations = timedCollection[models.Association]{s.Associations, c}
	t.Groups = timedCollection[models.Group]{s.Groups, c}
	t.Organisers = timedCollection[models.Organiser]{s.Organisers, c}
	t.SignIns = timedCollection[models.SignIn]{s.SignIns, c}
	t.Sessions = timedCollection[models.Session]{s.Sessions, c}
	t.Tokens = timedCollection[models.Token]{s.Tokens, c}
	t.Factors = timedCollection[models.Factor]{s.Factors, c}
	t.Events = timedCollection[models.Event]{s.Events, c}
	t.Rosters = timedCollection[models.Roster]{s.Rosters, c}
	t.RSVPs = timedCollection[models.RSVP]{s.RSVPs, c}
	t.WalkIns = timedCollection[models.WalkIn]{s.WalkIns, c}
	t.Doors = timedCollection[models.Door]{s.Doors, c}
	t.EventKeys = timedCollection[models.EventKey]{s.EventKeys, c}
	t.Limits = timedCollection[models.Limit]{s.Limits, c}
	t.Follows = timedCollection[models.Follow]{s.Follows, c}
	t.Mails = timedCollection[models.Mail]{s.Mails, c}
	t.Instances = timedCollection[models.Instance]{s.Instances, c}
	t.Reads = timedCollection[models.Read]{s.Reads, c}
	t.Installation = timedCollection[models.Installation]{s.Installation, c}
	return &t
}

// clocked times one call.
type clocked struct {
	now  func() time.Time
	tell func(call string, err error, took time.Duration)
}

func (c clocked) time(call string, do func() error) error {
	began := c.now()
	err := do()
	c.tell(call, err, c.now().Sub(began))
	return err
}

type timedBackend struct {
	models.Backend
	clocked
}

func (b timedBackend) Write(ctx context.Context, ops ...models.Op) error {
	return b.time("write", func() error { return b.Backend.Write(ctx, ops...) })
}

type timedCollection[T any] struct {
	models.Collection[T]
	clocked
}

func (c timedCollection[T]) Get(ctx context.Context, id string) (doc T, err error) {
	err = c.time("get", func() error { doc, err = c.Collection.Get(ctx, id); return err })
	return doc, err
}

func (c timedCollection[T]) Create(ctx context.Context, doc T) error {
	return c.time("write", func() error { return c.Collection.Create(ctx, doc) })
}

func (c timedCollection[T]) Update(ctx context.Context, id string, change func(*T) error) (doc T, err error) {
	err = c.time("write", func() error { doc, err = c.Collection.Update(ctx, id, change); return err })
	return doc, err
}

func (c timedCollection[T]) Delete(ctx context.Context, id string, revision models.Revision) error {
	return c.time("write", func() error { return c.Collection.Delete(ctx, id, revision) })
}
