package models

// SchemaVersion is the number of the shape in which documents are kept. A store
// with a higher one is refused: a newer Samling wrote it. It stands still when a
// collection is added, so that old and new programs can serve one database while
// it is upgraded.
const SchemaVersion = 1

// The specs below are all that the stores know of the documents: their names and
// the orders in which they are asked for.

// DistrictSpec says how districts are kept.
func DistrictSpec() Spec[District] { return Spec[District]{Name: "districts"} }

// AssociationSpec says how associations are kept.
func AssociationSpec() Spec[Association] { return Spec[Association]{Name: "associations"} }

// GroupSpec says how working groups are kept.
func GroupSpec() Spec[Group] { return Spec[Group]{Name: "groups"} }

// OrganiserSpec says how organisers are kept: "email" finds one by her address.
func OrganiserSpec() Spec[Organiser] {
	return Spec[Organiser]{Name: "organisers", Indexes: []Index[Organiser]{
		{Name: "email", Unique: true, Width: 1, Parts: func(o *Organiser) []any { return []any{o.Email} }},
	}}
}

// FormerSpec says how it is kept who organisers were.
func FormerSpec() Spec[Former] { return Spec[Former]{Name: "formers"} }

// SignInSpec says how sign-in links are kept: "organiser" lists one organiser's
// by the time of their end.
func SignInSpec() Spec[SignIn] {
	return Spec[SignIn]{Name: "sign_ins", Indexes: []Index[SignIn]{
		{Name: "organiser", Width: 2, Parts: func(s *SignIn) []any { return []any{s.Organiser, moment(s.Expires)} }},
	}}
}

// SessionSpec says how sessions are kept: "organiser" lists one organiser's.
func SessionSpec() Spec[Session] {
	return Spec[Session]{Name: "sessions", Indexes: []Index[Session]{
		{Name: "organiser", Width: 2, Parts: func(s *Session) []any { return []any{s.Organiser, moment(s.Expires)} }},
	}}
}

// TokenSpec says how API tokens are kept: "organiser" lists one organiser's.
func TokenSpec() Spec[Token] {
	return Spec[Token]{Name: "tokens", Indexes: []Index[Token]{
		{Name: "organiser", Width: 1, Parts: func(t *Token) []any { return []any{t.Organiser} }},
	}}
}

// FactorSpec says how second factors are kept: "organiser" lists one organiser's.
func FactorSpec() Spec[Factor] {
	return Spec[Factor]{Name: "factors", Indexes: []Index[Factor]{
		{Name: "organiser", Width: 2, Parts: func(f *Factor) []any { return []any{f.Organiser, moment(f.Created)} }},
	}}
}

// EventSpec says how events are kept: "slug" finds one by its address, "updated"
// what has changed since, "publish" drafts by when they publish themselves, "unsettled"
// those whose roster, log or errands lag behind.
func EventSpec() Spec[Event] {
	return Spec[Event]{Name: "events", Indexes: []Index[Event]{
		{Name: "slug", Unique: true, Width: 1, Parts: func(e *Event) []any { return []any{e.Slug} }},
		{Name: "updated", Width: 1, Parts: func(e *Event) []any { return []any{moment(e.Updated)} }},
		{Name: "publish", Width: 1, Parts: func(e *Event) []any {
			if e.PublishAt.IsZero() {
				return nil
			}
			return []any{moment(e.PublishAt)}
		}},
		{Name: "unsettled", Width: 1, Parts: func(e *Event) []any {
			if !e.Unsettled && len(e.Noted)+len(e.Errands) == 0 {
				return nil
			}
			return []any{moment(e.Updated)}
		}},
	}}
}

// RosterSpec says how rosters are kept: "due" finds those that have something to
// do, "changed" what has changed since.
func RosterSpec() Spec[Roster] {
	return Spec[Roster]{Name: "rosters", Keep: 64, Indexes: []Index[Roster]{
		{Name: "due", Width: 1, Parts: func(r *Roster) []any {
			if r.Due.IsZero() {
				return nil
			}
			return []any{moment(r.Due)}
		}},
		{Name: "changed", Width: 1, Parts: func(r *Roster) []any { return []any{moment(r.Changed)} }},
	}}
}

// RSVPSpec says how sign-ups are kept: "event" lists an event's in their order,
// "created" all of them in theirs.
func RSVPSpec() Spec[RSVP] {
	return Spec[RSVP]{Name: "rsvps", Indexes: []Index[RSVP]{
		{Name: "event", Width: 2, Parts: func(r *RSVP) []any { return []any{r.Event, moment(r.Created)} }},
		{Name: "created", Width: 1, Parts: func(r *RSVP) []any { return []any{moment(r.Created)} }},
	}}
}

// WalkInSpec says how walk-ins are kept: "event" lists an event's.
func WalkInSpec() Spec[WalkIn] {
	return Spec[WalkIn]{Name: "walk_ins", Indexes: []Index[WalkIn]{
		{Name: "event", Width: 1, Parts: func(w *WalkIn) []any { return []any{w.Event} }},
	}}
}

// DoorSpec says how doors are kept.
func DoorSpec() Spec[Door] { return Spec[Door]{Name: "doors"} }

// LimitSpec says how limits are kept: "full" finds those that say nothing any
// more.
func LimitSpec() Spec[Limit] {
	return Spec[Limit]{Name: "limits", Indexes: []Index[Limit]{
		{Name: "full", Width: 1, Parts: func(l *Limit) []any { return []any{moment(l.Full())} }},
	}}
}

// FollowSpec says how followed calendars are kept: "due" finds those that are to be
// fetched.
func FollowSpec() Spec[Follow] {
	return Spec[Follow]{Name: "follows", Indexes: []Index[Follow]{
		{Name: "due", Width: 1, Parts: func(f *Follow) []any {
			if f.Due.IsZero() {
				return nil
			}
			return []any{moment(f.Due)}
		}},
	}}
}

// ShortAddressSpec says how short addresses are kept.
func ShortAddressSpec() Spec[ShortAddress] { return Spec[ShortAddress]{Name: "short_addresses"} }

// EventKeySpec says how event keys are kept.
func EventKeySpec() Spec[EventKey] { return Spec[EventKey]{Name: "event_keys"} }

// MailSpec says how the outbox is kept: "status" lists by status and due time.
func MailSpec() Spec[Mail] {
	return Spec[Mail]{Name: "mails", Indexes: []Index[Mail]{
		{Name: "status", Width: 2, Parts: func(m *Mail) []any { return []any{string(m.Status), moment(m.Due)} }},
	}}
}

// PhotoSpec says how photos are kept.
func PhotoSpec() Spec[Photo] { return Spec[Photo]{Name: "photos"} }

// VenueSpec says how venues are kept: "association" lists one association's, or
// the city's, by name.
func VenueSpec() Spec[Venue] {
	return Spec[Venue]{Name: "venues", Indexes: []Index[Venue]{
		{Name: "association", Width: 2, Parts: func(v *Venue) []any { return []any{v.Association, v.Name} }},
	}}
}

// InstanceSpec says how running processes are kept.
func InstanceSpec() Spec[Instance] { return Spec[Instance]{Name: "instances"} }

// ReadSpec says how looks at lists are kept: "at" lists them in time, "event"
// those of one event.
func ReadSpec() Spec[Read] {
	return Spec[Read]{Name: "reads", Indexes: []Index[Read]{
		{Name: "at", Width: 1, Parts: func(r *Read) []any { return []any{moment(r.At)} }},
		{Name: "event", Width: 2, Parts: func(r *Read) []any { return []any{r.Event, moment(r.At)} }},
	}}
}

// DigestSpec says how digests are kept.
func DigestSpec() Spec[Digest] { return Spec[Digest]{Name: "digests"} }

// MessageSpec says how messages are kept: "event" lists one event's in time, "open"
// finds those whose mails are not all in the outbox.
func MessageSpec() Spec[Message] {
	return Spec[Message]{Name: "messages", Indexes: []Index[Message]{
		{Name: "event", Width: 2, Parts: func(m *Message) []any { return []any{m.Event, moment(m.Written)} }},
		{Name: "open", Width: 1, Parts: func(m *Message) []any {
			if !m.Open {
				return nil
			}
			return []any{moment(m.Sent)}
		}},
	}}
}

// ContributionSpec says how contributions are kept: "at" lists them in time,
// "event" those of one event in their places.
func ContributionSpec() Spec[Contribution] {
	return Spec[Contribution]{Name: "contributions", Indexes: []Index[Contribution]{
		{Name: "at", Width: 1, Parts: func(c *Contribution) []any { return []any{moment(c.At)} }},
		{Name: "event", Width: 2, Parts: func(c *Contribution) []any { return []any{c.Event, int64(c.Line)} }},
	}}
}

// ChangeSpec says how the log of changes is kept: "at" lists them in time, "event"
// those of one event.
func ChangeSpec() Spec[Change] {
	return Spec[Change]{Name: "changes", Indexes: []Index[Change]{
		{Name: "at", Width: 1, Parts: func(c *Change) []any { return []any{moment(c.At)} }},
		{Name: "event", Width: 2, Parts: func(c *Change) []any { return []any{c.Event, moment(c.At)} }},
	}}
}

// PlanSpec says how plans are kept: "open" finds those that are not finished,
// "made" lists all of them in time.
func PlanSpec() Spec[Plan] {
	return Spec[Plan]{Name: "plans", Indexes: []Index[Plan]{
		{Name: "open", Width: 1, Parts: func(p *Plan) []any {
			if !p.Open() {
				return nil
			}
			return []any{moment(p.Begun)}
		}},
		{Name: "made", Width: 1, Parts: func(p *Plan) []any { return []any{moment(p.Made)} }},
	}}
}

// StarterSpec says how what events are begun from is kept: "name" lists all of it by
// name.
func StarterSpec() Spec[Starter] {
	return Spec[Starter]{Name: "starters", Indexes: []Index[Starter]{
		{Name: "name", Width: 1, Parts: func(s *Starter) []any { return []any{s.Name} }},
	}}
}

// InstallationSpec says how the installation's one document is kept.
func InstallationSpec() Spec[Installation] { return Spec[Installation]{Name: "installation"} }
