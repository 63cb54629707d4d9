package planner

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"samling/models"
)

// WriteMessage writes a message to the attendees of an event, as a draft; the id is
// the client's, a UUID, so that writing it again makes none more. The errors are
// those of CheckMessage and Message.Write; CodePast when nobody can be written to any
// more; the field "contact" when there would be no address to answer to.
func (p *Planner) WriteMessage(ctx context.Context, by *models.Organiser, ref, id string, to models.Recipients, text string) (models.Message, error) {
	e, err := p.writable(ctx, by, ref)
	if err != nil {
		return models.Message{}, err
	}
	text = strings.TrimSpace(text)
	if err := models.CheckMessage(to, text); err != nil {
		return models.Message{}, err
	}
	if _, err := models.ParseID(id); err != nil {
		id = newID()
	}
	now := models.Milli(p.Now())
	m := models.Message{Document: models.Document{ID: id}, Event: e.ID}
	_ = m.Write(by.ID, to, text, now) // a new one takes everything
	err = p.Store.Messages.Create(ctx, m)
	if !errors.Is(err, models.ErrExists) {
		return m, err
	}
	return p.Store.Messages.Update(ctx, id, func(m *models.Message) error {
		if m.Event != e.ID {
			return models.ErrNotFound
		}
		return m.Write(by.ID, to, text, now)
	})
}

// writable finds an event to whose attendees somebody may write.
func (p *Planner) writable(ctx context.Context, by *models.Organiser, ref string) (models.Event, error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return e, err
	}
	if !e.MayBeWrittenTo(p.Now()) {
		return e, models.Fault(models.CodePast)
	}
	if p.ReplyTo(&e) == "" {
		var f models.Faults
		f.Add("contact", "no-reply-to")
		return e, f.Err()
	}
	return e, nil
}

// Messages are those of an event, the newest first, for whoever may change it.
func (p *Planner) Messages(ctx context.Context, by *models.Organiser, ref string) (messages []models.Message, err error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return nil, err
	}
	for m, err := range p.Store.Messages.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}, Descending: true}) {
		if err != nil {
			return nil, err
		}
		messages = append(messages, m)
	}
	return messages, nil
}

// Message is one of an event's; ErrNotFound when it is another's.
func (p *Planner) Message(ctx context.Context, by *models.Organiser, ref, id string) (models.Event, models.Message, error) {
	e, err := p.Editable(ctx, by, ref)
	if err != nil {
		return e, models.Message{}, err
	}
	m, err := p.Store.Messages.Get(ctx, id)
	if err == nil && m.Event != e.ID {
		err = models.ErrNotFound
	}
	return e, m, err
}

// Reached are how many attendees a message would go to, and how many of those whom it
// is for left no address, or signed up before the writer's association was a host: she
// writes to those whose names she may read, and to nobody else.
func (p *Planner) Reached(ctx context.Context, by *models.Organiser, e *models.Event, to models.Recipients) (reached, others int, err error) {
	mails, others, err := p.messageMails(ctx, by, e, &models.Message{Event: e.ID, To: to, Sent: models.Milli(p.Now())})
	return len(mails), others, err
}

// CopyMessage mails the writer a copy of a draft as it is, once.
func (p *Planner) CopyMessage(ctx context.Context, by *models.Organiser, ref, id string) (models.Message, error) {
	e, m, err := p.Message(ctx, by, ref, id)
	if err == nil && !m.Sent.IsZero() {
		err = models.Fault(models.CodeNotPossible)
	}
	if err != nil {
		return m, err
	}
	state := models.Going
	if m.To == models.ToWaiting {
		state = models.Waiting
	}
	now := models.Milli(p.Now())
	mail := p.messageMail(&e, &m, derivedID("copy", m.ID, by.ID, strconv.FormatInt(m.Written.UnixMilli(), 36)))
	mail.Organiser, mail.State, mail.Party, mail.Is, mail.Born, mail.Due = by.ID, state, 1, e.Facts(), now, now
	if mail.Is.Protected {
		mail.Is, mail.About.Place = mail.Is.Veil(), models.Place{}
	}
	written := m.Written
	err = p.post(ctx, []models.Mail{mail}, p.Store.Messages.Updating(id, func(m *models.Message) error {
		if m.Written.Equal(written) && m.Sent.IsZero() {
			m.Copied = by.ID
		}
		return nil
	}))
	if err != nil {
		return m, err
	}
	return p.Store.Messages.Get(ctx, id)
}

// SendMessage sends a message to those whom it is for: however often it is asked for,
// and whatever is cut off, each gets it at most once. The errors are those of
// Message.Send and WriteMessage; CodeTooMany after MessageRate.
func (p *Planner) SendMessage(ctx context.Context, by *models.Organiser, ref, id string) (models.Message, error) {
	e, m, err := p.Message(ctx, by, ref, id)
	if err != nil || !m.Sent.IsZero() {
		return m, err
	}
	if e, err = p.writable(ctx, by, ref); err != nil {
		return m, err
	}
	now := models.Milli(p.Now())
	sent := func(m *models.Message) error { return m.Send(by.ID, now) }
	tried := m // before it is counted
	if err := sent(&tried); err != nil {
		return m, err
	}
	reached, _, err := p.Reached(ctx, by, &e, m.To)
	if err != nil {
		return m, err
	}
	if err := p.strictly(ctx, "message", e.ID, models.MessageRate()); err != nil {
		return m, err
	}
	line := models.Change{
		Document: models.Document{ID: derivedID("message", id)}, At: now, Organiser: by.ID, Deed: models.DeedWrite, Event: e.ID,
		Fields: []models.Difference{{Field: "message.mails", To: strconv.Itoa(reached)}},
	}
	use := models.Read{Document: models.Document{ID: derivedID("message", id)}, At: now, Organiser: by.ID, Event: e.ID, How: models.ListWritten, Count: reached}
	err = p.Store.Write(ctx, p.Store.Changes.Creating(line), p.Store.Reads.Creating(use), p.Store.Messages.Updating(id, sent))
	if errors.Is(err, models.ErrExists) { // it was begun before, and cut off
		err = p.Store.Write(ctx, p.Store.Messages.Updating(id, sent))
	}
	if err != nil {
		return m, err
	}
	if err := p.distribute(ctx, id); err != nil {
		p.Log.Error("a message is distributed later", "message", id, "error", err)
	}
	return p.Store.Messages.Get(ctx, id)
}

// Distribute puts the mails into the outbox of messages of which a crash has cut them
// off.
func (p *Planner) Distribute(ctx context.Context) error {
	for m, err := range p.Store.Messages.List(ctx, models.Query{Index: "open"}) {
		if err == nil {
			err = p.distribute(ctx, m.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// distribute puts the mails of a message into the outbox. Each has an id that follows
// from the message and the sign-up, so that doing it again makes none more.
func (p *Planner) distribute(ctx context.Context, id string) error {
	m, err := p.Store.Messages.Get(ctx, id)
	if err != nil || !m.Open {
		return err
	}
	by, err := p.Store.Organisers.Get(ctx, m.By)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err // one who is no organiser any more may read no names
	}
	e, err := p.Store.Events.Get(ctx, m.Event)
	if err != nil {
		return err
	}
	mails, _, err := p.messageMails(ctx, &by, &e, &m)
	if err != nil {
		return err
	}
	for chunk := range slices.Chunk(mails, batch) {
		if err := p.post(ctx, chunk); err != nil {
			return err
		}
	}
	return p.Store.Write(ctx, p.Store.Messages.Updating(id, func(m *models.Message) error {
		m.Open, m.Mails = false, len(mails)
		return nil
	}))
}

// messageMails are the mails of a message: to those who stood so when it was sent,
// whose names its writer may read. others are those of them who get none.
func (p *Planner) messageMails(ctx context.Context, by *models.Organiser, e *models.Event, m *models.Message) (mails []models.Mail, others int, err error) {
	r, err := p.Store.Rosters.Get(ctx, e.ID)
	if errors.Is(err, models.ErrNotFound) {
		return nil, 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	now := models.Milli(p.Now())
	r.Settle(now)
	rsvps := map[string]models.RSVP{}
	for rsvp, err := range p.Store.RSVPs.List(ctx, models.Query{Index: "event", Equal: []any{e.ID}}) {
		if err != nil {
			return nil, 0, err
		}
		rsvps[rsvp.ID] = rsvp
	}
	for _, entry := range r.Entries {
		if !m.To.Include(entry.State) || entry.Since.After(m.Sent) {
			continue
		}
		rsvp := rsvps[entry.RSVP.String()]
		if entry.Who == (models.Who{}) || len(rsvp.Sealed) == 0 || !by.MayReadName(e, &rsvp) {
			others++
			continue
		}
		mail := p.messageMail(e, m, derivedID("message", m.ID, rsvp.ID))
		mail.RSVP, mail.State, mail.Party, mail.Is, mail.Born, mail.Due = rsvp.ID, entry.State, entry.Party, r.Shown(&entry, now), m.Sent, now
		if mail.Is.Veiled {
			mail.About.Place = models.Place{}
		}
		mails = append(mails, mail)
	}
	return mails, others, nil
}

// messageMail is the row of a message, to nobody yet.
func (p *Planner) messageMail(e *models.Event, m *models.Message, id string) models.Mail {
	return models.Mail{
		Document: models.Document{ID: id}, Kind: models.MailMessage, Event: e.ID, Message: m.ID, To: m.To, About: p.about(e), Status: models.MailQueued,
	}
}

// forgetMessages erases the texts of the messages to the attendees of an event.
func (p *Planner) forgetMessages(ctx context.Context, event string) error {
	for m, err := range p.Store.Messages.List(ctx, models.Query{Index: "event", Equal: []any{event}}) {
		if err == nil && m.Text != "" {
			_, err = p.Store.Messages.Update(ctx, m.ID, func(m *models.Message) error { m.Text = ""; return nil })
		}
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
	}
	return nil
}

// ReplyTo is the address to which answers to mails about an event go; empty: there is
// none.
func (p *Planner) ReplyTo(e *models.Event) string { return p.about(e).ReplyTo }

// Called is what people call an organiser by her id: her address; empty when she is
// gone.
func (p *Planner) Called(ctx context.Context, organiser string) string {
	o, err := p.Store.Organisers.Get(ctx, organiser)
	if err != nil {
		return ""
	}
	return o.Email
}
