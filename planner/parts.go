package planner

import (
	"context"
	"slices"
	"time"

	"samling/models"
)

// PartOffer is what associations are asked to hold as their part of a larger event.
type PartOffer struct {
	Associations []string // slugs; groups can hold one too
	Starts, Ends time.Time
}

// AskParts asks associations to hold a part of an event: each gets a draft to finish,
// with the times that are suggested, and a mail. One that has a part already is left
// as it is. It returns how many were asked. For coordinators alone. CodeInvalid: nobody
// is named, somebody who does not exist, or the event is a part itself.
func (p *Planner) AskParts(ctx context.Context, by *models.Organiser, ref string, o PartOffer) (int, error) {
	whole, err := p.Editable(ctx, by, ref)
	if err == nil && !by.MayOversee() {
		err = models.Fault(models.CodeNotAllowed)
	}
	if err != nil {
		return 0, err
	}
	c := p.Catalogue()
	var f models.Faults
	if len(o.Associations) == 0 {
		f.Add("associations", "required")
	}
	for _, slug := range o.Associations {
		if !c.IsOpen(slug) {
			f.Add("associations", "unknown-host", "Value", slug)
		}
	}
	if whole.Parent != "" {
		f.Add("parent", "not-a-parent", "Value", whole.Slug)
	}
	if !o.Ends.After(o.Starts) {
		f.Add("ends", "ends-before-starts")
	}
	if err := f.Err(); err != nil {
		return 0, err
	}
	asked := 0
	for _, slug := range o.Associations {
		held := slices.ContainsFunc(c.Parts(whole.Slug), func(l *Listed) bool { return l.Host == slug })
		if held || slug == whole.Host {
			continue
		}
		if err := p.askPart(ctx, by, &whole, slug, o); err != nil {
			return asked, err
		}
		asked++
	}
	return asked, nil
}

// askPart makes the draft of one association's part.
func (p *Planner) askPart(ctx context.Context, by *models.Organiser, whole *models.Event, slug string, o PartOffer) error {
	now := p.stamp()
	_, err := p.create(ctx, by, models.Event{
		Document: models.Document{ID: derivedID("part", whole.ID, slug)}, Status: models.Draft, Kind: whole.Kind, Audience: whole.Audience,
		Text: models.Text{Title: whole.Title + " – " + p.Catalogue().HostName(slug, "")}, Host: slug, Parent: whole.Slug,
		Starts: o.Starts, Ends: o.Ends, TimeZone: whole.TimeZone, Preliminary: true,
		Part:    models.Part{Asked: now},
		Errands: []models.Errand{{Kind: models.MailPartAsked, To: slug, From: whole.Host, At: now}},
	})
	if models.CodeOf(err) == models.CodeExists { // asked by another at the same moment
		return nil
	}
	return err
}

// AnswerPart is what the organisers of a part say of it: it stands, or they take no
// part. The errors are those of Event.AnswerPart and of ChangeEvent.
func (p *Planner) AnswerPart(ctx context.Context, by *models.Organiser, ref string, answer models.PartAnswer, words string) (models.Event, error) {
	e, err := p.Editable(ctx, by, ref)
	if err == nil {
		err = checkWords(words)
	}
	if err != nil {
		return e, err
	}
	now := p.stamp()
	return p.ChangeEvent(ctx, by, e.ID, Anyway, func(e *models.Event) error { return e.AnswerPart(answer, words, now) })
}

// RemindParts reminds those who hold a part of an event and have not said whether it
// stands, and says how many. Nobody is reminded twice within a day.
func (p *Planner) RemindParts(ctx context.Context, by *models.Organiser, ref string) (reminded int, err error) {
	whole, err := p.Editable(ctx, by, ref)
	if err != nil {
		return 0, err
	}
	now := p.stamp()
	for _, l := range p.Catalogue().Parts(whole.Slug) {
		if !l.AwaitsPart() {
			continue
		}
		e, err := p.rewrite(ctx, by, l.ID, now, func(e *models.Event) error { e.RemindPart(whole.Host, now); return nil }, nil)
		if err != nil {
			return reminded, err
		}
		if e.Part.Reminded.Equal(now) {
			reminded++
		}
	}
	return reminded, nil
}

// PartsAsked are the parts that somebody's associations are asked about, in the order
// of their start. What they wrote of their own accord is asked about when somebody
// wants to know.
func (c *Catalogue) PartsAsked(by *models.Organiser) []*Listed {
	var out []*Listed
	for _, l := range c.Events {
		if (!l.Part.Asked.IsZero() || !l.Part.Reminded.IsZero()) && l.AwaitsPart() && slices.Contains(by.For, l.Host) {
			out = append(out, l)
		}
	}
	return out
}

// hearWhole notes what a part begins from, when it becomes one.
func (c *Catalogue) hearWhole(e, was *models.Event, now time.Time) {
	if was != nil && was.Parent == e.Parent {
		return
	}
	if e.Parent == "" {
		e.Part = models.Part{}
		return
	}
	if l, ok := c.bySlug[e.Parent]; ok {
		e.Part.Heard = models.Whole{} // of another it heard something else
		e.HearWhole(l.Whole(), l.Host, now)
	}
}

// tellParts lets the parts of an event hear what has become of it. That is no change
// of a part: when it was written last, the public sees, and may not know of the whole.
// So other instances learn of it when they tell it themselves.
func (p *Planner) tellParts(ctx context.Context, whole *models.Event) error {
	w, now := whole.Whole(), p.stamp()
	for _, l := range p.Catalogue().Parts(whole.Slug) {
		if l.Part.Heard == w {
			continue
		}
		hear := p.Store.Events.Updating(l.ID, func(e *models.Event) error { e.HearWhole(w, whole.Host, now); return nil })
		if err := p.Store.Write(ctx, hear); err != nil {
			return err
		}
		if _, err := p.settle(ctx, l.ID); err != nil {
			return err
		}
	}
	return nil
}
