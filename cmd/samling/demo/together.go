package demo

import (
	"context"
	"slices"
	"time"

	"samling/models"
	"samling/planner"
)

// looked is the association whose events the central office looks at before they are
// published.
const looked = "limhamn"

// together leaves some things of which associations await an answer of each other: for
// the organiser who signs in an invitation and her part of the first of May, for the
// coordinator an event to approve and a part of which nobody has said anything.
func (c *City) together(ctx context.Context) error {
	for _, some := range []func(context.Context) error{c.invitation, c.parts, c.approval} {
		if err := some(ctx); err != nil {
			return err
		}
	}
	return nil
}

// neighbour is somebody who works for another association than she who signs in.
func (c *City) neighbour(ctx context.Context, association string) (*models.Organiser, error) {
	o, err := c.Planner.AddOrganiser(ctx, models.Organiser{
		Email: "arrangor." + association + "@example.org", Role: models.RoleOrganiser, For: []string{association},
	})
	return &o, err
}

// evening is an event that a neighbour writes, so many days ahead.
func (c *City) evening(host string, days int, title, summary, place string) models.Event {
	starts := c.midnight.AddDate(0, 0, days)
	y, m, d := starts.Date()
	starts = time.Date(y, m, d, 18, 0, 0, 0, starts.Location())
	return models.Event{
		Kind: models.Other, Host: host, Starts: starts, Ends: starts.Add(2 * time.Hour),
		Text:  models.Text{Title: title, Summary: summary},
		Place: models.Place{Name: place, Address: "Exempelgatan 7"}, Price: new(int),
		Contact: models.Contact{Name: "Expeditionen", Phone: "040-000 00 00", Email: host + "@example.org"},
	}
}

func (c *City) invitation(ctx context.Context) error {
	by, err := c.neighbour(ctx, "kirseberg")
	if err != nil {
		return err
	}
	e := c.evening("kirseberg", 17, "Grannmiddag över stadsdelarna", "Ett långbord, två stadsdelar. Ta med något att dela.", "Kvartersgården Kirseberg")
	e.SignUp = models.SignUpRules{Needed: true}
	*c.Clock = c.Today.AddDate(0, 0, -3)
	if e, err = c.Planner.CreateEvent(ctx, by, e); err != nil {
		return err
	}
	if e, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, ""); err != nil {
		return err
	}
	if err := c.signUp(ctx, &e, 4, *c.Clock); err != nil {
		return err
	}
	*c.Clock = c.Today.Add(-20 * time.Hour)
	_, err = c.Planner.Invite(ctx, by, e.ID, Host)
	return err
}

// parts lets some who hold a part of the first of May have said that it stands, asks
// one more, and reminds the rest.
func (c *City) parts(ctx context.Context) error {
	office := planner.Command()
	*c.Clock = c.Today.AddDate(0, 0, -5)
	for _, part := range []struct{ slug, words string }{{"forsta-maj-fanor", "Vi tar med färg till alla."}, {"forsta-maj-tag-kirseberg", ""}} {
		if _, err := c.Planner.AnswerPart(ctx, office, part.slug, models.PartStands, part.words); err != nil {
			return err
		}
	}
	day, err := c.Planner.Catalogue().Event("forsta-maj")
	if err != nil {
		return err
	}
	offer := planner.PartOffer{Associations: []string{"rosengard"}, Starts: day.Starts.Add(-2 * time.Hour), Ends: day.Starts}
	if _, err := c.Planner.AskParts(ctx, office, day.ID, offer); err != nil {
		return err
	}
	*c.Clock = c.Today.AddDate(0, 0, -2)
	_, err = c.Planner.RemindParts(ctx, office, day.ID)
	return err
}

func (c *City) approval(ctx context.Context) error {
	*c.Clock = c.Today.AddDate(0, 0, -4)
	hosts := c.Planner.Catalogue().Hosts()
	host := hosts[slices.IndexFunc(hosts, func(h planner.Host) bool { return h.Slug == looked })]
	host.Approval = true
	if _, err := c.Planner.ChangeHost(ctx, planner.Command(), host.Updated, host); err != nil {
		return err
	}
	by, err := c.neighbour(ctx, looked)
	if err != nil {
		return err
	}
	e := c.evening(looked, 31, "Kvällspromenad längs stranden", "Vi går i lugn takt och pratar om vad stranden ska vara till för.", "Provbryggan")
	if e, err = c.Planner.CreateEvent(ctx, by, e); err != nil {
		return err
	}
	*c.Clock = c.Today.Add(-3 * time.Hour)
	_, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, "")
	return err
}
