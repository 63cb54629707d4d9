package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Deed is what somebody did to something. locale has a sentence "deed.<deed>" for
// each.
type Deed string

// The deeds by which an event is written and goes through its life.
const (
	DeedCreate   Deed = "create"
	DeedChange   Deed = "change"
	DeedPublish  Deed = "publish"
	DeedPostpone Deed = "postpone"
	DeedCancel   Deed = "cancel"
	DeedClose    Deed = "close"            // how many came was written, or corrected
	DeedWrite    Deed = "write"            // to the attendees
	DeedRemove   Deed = "remove-attendees" // organisers, by their own hand
	DeedAdd      Deed = "add-attendee"     // so
	DeedHand     Deed = "change-attendee"  // so

	DeedInvite   Deed = "invite" // a co-host, as those that follow
	DeedAccept   Deed = "accept"
	DeedDecline  Deed = "decline"
	DeedLeave    Deed = "leave"
	DeedWithdraw Deed = "withdraw"

	DeedConfirmPart Deed = "confirm-part" // of something larger, as those that follow
	DeedDeclinePart Deed = "decline-part"
	DeedRemindPart  Deed = "remind-part"

	DeedAskApproval   Deed = "ask-approval"
	DeedUnaskApproval Deed = "unask-approval" // who asked thought better of it
	DeedApprove       Deed = "approve"
	DeedSendBack      Deed = "send-back"

	DeedRemind         Deed = "remind"          // the organisers of what it needs
	DeedForgetReminder Deed = "forget-reminder" // before it was sent

	// What the central office does beside events.
	DeedAddOrganiser    Deed = "add-organiser"
	DeedChangeOrganiser Deed = "change-organiser"
	DeedRenewOrganiser  Deed = "renew-organiser"
	DeedRemoveOrganiser Deed = "remove-organiser"
	DeedAddHost         Deed = "add-host"
	DeedChangeHost      Deed = "change-host"
	DeedCloseHost       Deed = "close-host"
	DeedOpenHost        Deed = "open-host"
	DeedSettings        Deed = "settings"
	DeedNotice          Deed = "notice"
)

// Change is one line of the log of changes. It says who did what, and never holds
// what a resident has typed.
type Change struct {
	Document
	At        time.Time `json:"at"`
	Organiser string    `json:"organiser"` // id, as in Read
	Deed      Deed      `json:"deed"`
	Event     string    `json:"event,omitempty"` // id; empty: it is about no event
	// About is what else it is about: the slug of an association, an address.
	About  string       `json:"about,omitempty"`
	Fields []Difference `json:"fields,omitempty"`
	// Drafted: the event was a draft before and after it.
	Drafted bool `json:"drafted,omitempty"`
}

// Difference is a field that was changed. From and To are as its JSON form has them,
// lists on one line; empty: nothing was said. Long ones are cut to what differs.
type Difference struct {
	Field string `json:"field"` // as the JSON form names it: "place.name"
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}

// How much a line of the log holds: enough to see what was changed, and no second
// copy of every event.
const (
	mostDifferences   = 60
	longestDifference = 300 // runes
	// before is how much of what is alike stands before what differs.
	before = 40
)

// writingTime is how long the changes of one writer to one draft are one line: a
// draft keeps itself every few seconds.
const writingTime = time.Hour

// ChangeOf is the line for a change of an event from old to e, which was written at
// e.Updated. old nil: e is new.
func (e *Event) ChangeOf(old *Event, organiser string) Change {
	c := Change{At: e.Updated, Organiser: organiser, Event: e.ID, Deed: DeedChange}
	switch {
	case old == nil:
		c.Deed = DeedCreate
		return c // what it said at first is what its first change says it was
	case e.Status != old.Status:
		c.Deed = map[Status]Deed{Published: DeedPublish, Postponed: DeedPostpone, Cancelled: DeedCancel}[e.Status]
		if c.Deed == "" { // a draft again: a calendar took it back
			c.Deed = DeedChange
		}
	case !slices.Equal(e.Invited, old.Invited):
		c.Deed, c.About = e.invitationDeed(old)
	case !e.Closing.At.Equal(old.Closing.At):
		c.Deed = DeedClose
	case e.Part != old.Part && e.Part.deed(old.Part) != DeedChange:
		c.Deed = e.Part.deed(old.Part)
	case e.Approval != old.Approval:
		c.Deed = e.Approval.deed(old.Approval)
	case e.Status == Draft:
		c.Drafted = true
	}
	c.Fields = differences(old, e)
	return c
}

// Line is the id of the line in the log. It is the same whenever it is asked for, so
// that a line which was cut off can be written again, and stands there once.
func (c Change) Line() string {
	if c.Drafted {
		return fmt.Sprintf("%s-%s-%d", c.Event, c.Organiser, c.At.Truncate(writingTime).UnixMilli())
	}
	return fmt.Sprintf("%s-%d", c.Event, c.At.UnixMilli())
}

// Joined is a line and a later one with the same id as one line: what was before
// the first and what is after the last. A later one that is in it already changes
// nothing.
func (c Change) Joined(later Change) Change {
	if !later.At.After(c.At) {
		return c
	}
	c.At, c.Fields = later.At, slices.Clone(c.Fields)
	for _, d := range later.Fields {
		if i := slices.IndexFunc(c.Fields, func(f Difference) bool { return f.Field == d.Field }); i >= 0 {
			c.Fields[i].To = d.To
		} else if len(c.Fields) < mostDifferences {
			c.Fields = append(c.Fields, d)
		}
	}
	c.Fields = slices.DeleteFunc(c.Fields, func(f Difference) bool { return f.From == f.To })
	return c
}

// differences are the fields in which two states of an event differ, in the order of
// their names. What the program keeps for itself is none.
func differences(old, e *Event) []Difference { return apart(old.fields(), e.fields()) }

// Differences are the fields in which two states of something else differ, in the
// order of their names: an association, an organiser, the settings.
func Differences(was, is any) []Difference { return apart(flat(was), flat(is)) }

func apart(was, is map[string]string) []Difference {
	var names []string
	for name := range was {
		names = append(names, name)
	}
	for name := range is {
		if _, both := was[name]; !both {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	var out []Difference
	for _, name := range names {
		if was[name] != is[name] && len(out) < mostDifferences {
			from, to := cut(was[name], is[name])
			out = append(out, Difference{name, from, to})
		}
	}
	return out
}

// cut shortens two texts that differ to where they do.
func cut(a, b string) (string, string) {
	from, to := []rune(a), []rune(b)
	same := 0
	for same < min(len(from), len(to)) && from[same] == to[same] {
		same++
	}
	short := func(text []rune) string {
		if len(text) <= longestDifference {
			return string(text)
		}
		head := ""
		if same > 2*before {
			head, text = "…", text[same-before:]
		}
		if len(text) > longestDifference {
			return head + string(text[:longestDifference]) + "…"
		}
		return head + string(text)
	}
	return short(from), short(to)
}

// ownFields are those that follow from others, or say what the program has done.
func ownFields() []string {
	return []string{"slug", "short", "status", "sequence", "created", "updated", "changed", "withdrawn", "moved", "source", "taken", "unsettled", "noted", "author", "publish_by", "errands", "invited", "planned", "approval", "series", "part"}
}

// fields are what an event says, flat, as people would write it on one line each.
func (e *Event) fields() map[string]string {
	all := tree(e, ownFields())
	if closing, ok := all["closing"].(map[string]any); ok { // who and when is what the line says
		delete(closing, "at")
		delete(closing, "by")
	}
	if photo, ok := all["photo"].(map[string]any); ok { // its measures are those of another picture
		delete(photo, "width")
		delete(photo, "height")
	}
	out := map[string]string{}
	flatten(out, "", all)
	return out
}

// flat are what something that is kept says, as fields are of an event.
func flat(kept any) map[string]string {
	out := map[string]string{}
	flatten(out, "", tree(kept, []string{"created", "updated", "order", "invited", "renewed", "signed_in", "warned"}))
	return out
}

// tree is what something that is kept says, as a tree, without the fields that the
// program keeps for itself.
func tree(kept any, own []string) map[string]any {
	// A field that does not become JSON could not be kept either.
	data, _ := json.Marshal(kept)
	var all map[string]any
	_ = json.Unmarshal(data, &all)
	for _, name := range own {
		delete(all, name)
	}
	return all
}

func flatten(out map[string]string, name string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			flatten(out, strings.TrimPrefix(name+"."+key, "."), inner)
		}
	case []any:
		if len(v) > 0 {
			if _, list := v[0].(map[string]any); list {
				for i, inner := range v {
					flatten(out, fmt.Sprintf("%s.%d", name, i), inner)
				}
				return
			}
		}
		var parts []string
		for _, inner := range v {
			parts = append(parts, fmt.Sprint(inner))
		}
		out[name] = strings.Join(parts, ", ")
	case nil:
	default:
		out[name] = fmt.Sprint(v)
	}
}
