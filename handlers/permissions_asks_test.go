package handlers

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"samling/models"
	"samling/planner"
)

// ask is a request of the table of permissions.
type ask struct {
	*gate
	method, route string // the route without its language
	role          int
	event         models.Event
	code          string // that opens the door
}

// path is the address of a route that is asked for; done clears away what was made
// for it.
func (a *ask) path(route string) (path string, done func()) {
	done = func() {}
	event := a.event.ID
	if strings.HasPrefix(a.route, "/events/") || strings.HasPrefix(a.route, "/members/") {
		event = a.event.Slug
	}
	calendar := a.calendars[a.event.Host]
	if strings.Contains(route, ":calendar") && writes(a.method) {
		calendar = a.looked(a.event.Host)
		// Only a few may be followed.
		done = func() { _ = a.Planner.StopFollowing(a.ctx, planner.Command(), calendar) }
	}
	secret := a.secret(a.event.Host)
	switch {
	case a.route == "/door/:secret" && writes(a.method):
		// Each of them is the first to open it.
		secret, a.code = a.door(a.gate.event(matter{a.event.Host, models.Published}))
	case strings.HasPrefix(a.route, doorPath):
		secret = a.doors[a.event.Host]
	}
	guest := a.guests[a.event.ID]
	if strings.Contains(route, ":rsvp") && writes(a.method) {
		guest = a.guest(a.event)
	}
	for _, param := range []string{":session", ":token", ":factor"} {
		if strings.HasPrefix(a.route, "/organise") && strings.Contains(route, param) {
			route = strings.Replace(route, param, a.possession(param, a.method, a.owner()), 1)
		}
	}
	return strings.NewReplacer(
		":association", a.event.Host,
		":calendar", calendar,
		":code", a.event.Short,
		":district", "oster",
		":event", event,
		":file", strings.TrimPrefix(a.pages.named["samling.css"], "/static/"),
		":format", "ics",
		":group", "klimat",
		":host", a.event.Host,
		":kind", "digest",
		":letter", "1",
		":message", a.message(),
		":organiser", a.colleague(),
		":photo", a.photo(),
		":secret", secret,
		":plan", a.plan(),
		":rsvp", guest,
		":shape", "wide",
		":size", "small",
		":token", "nobody",
		":value", a.value(),
		":venue", a.venue(),
	).Replace(route), done
}

// plan is one that an organiser of the host's has made.
func (a *ask) plan() string {
	if !strings.Contains(a.route, ":plan") {
		return ""
	}
	maker := planner.Command()
	if a.event.Host == mine {
		maker = new(must(a.Planner.OrganiserByEmail(a.ctx, addresses[slices.Index(roles, "host's")])))
	}
	return must(a.Planner.MakePlan(a.ctx, maker, planner.Intent{
		What: "change", Events: []string{a.event.ID}, Change: func(e *models.Event) error { e.Summary = "Nytt"; return nil },
	})).ID
}

// photo is a photo that is there.
func (a *ask) photo() string {
	id := uuid.NewString()
	must(0, a.Planner.Store.Photos.Create(a.ctx, models.Photo{Document: models.Document{ID: id}, Small: []byte("small")}))
	return id
}

// venue is one of the host's.
func (a *ask) venue() string {
	v := models.Venue{Document: models.Document{ID: uuid.NewString()}, Association: a.event.Host, Name: "Aulan"}
	must(0, a.Planner.KeepVenue(a.ctx, planner.Command(), v))
	return v.ID
}

// owner is whoever asks, or somebody else when it is about what is another's.
func (a *ask) owner() string {
	if a.event.Host == mine && addresses[a.role] != "" {
		return must(a.Planner.OrganiserByEmail(a.ctx, addresses[a.role])).ID
	}
	return a.colleague()
}

// value is what a feed is of.
func (a *ask) value() string {
	for of, value := range map[string]string{
		"/associations/": "husie", "/kinds/": "town-hall", "/groups/": "klimat", "/districts/": "oster", "/events/": a.event.Slug,
	} {
		if strings.Contains(a.route, of) {
			return value
		}
	}
	return "all"
}

// body is what is sent to a route: enough for it to do what it is for.
func (a *ask) body() string {
	if body, ok := bodies[a.route]; ok {
		return body(a)
	}
	if strings.HasPrefix(a.route, apiRoot) {
		return "{}"
	}
	return url.Values{"seen": {writeSeen(a.event.Updated)}, "reason": {"Lokalen brann."}}.Encode()
}

// bodies are what is sent to the routes for which a reason and what was seen of the
// event are not enough.
var bodies = map[string]func(*ask) string{
	"/api/v1/events":                 func(a *ask) string { return strings.Replace(townHall, `"husie"`, `"`+a.event.Host+`"`, 1) },
	"/api/v1/events/:event":          func(*ask) string { return `{"summary":"Nytt"}` },
	"/api/v1/events/:event/checkins": func(a *ask) string { return `{"rsvp":"` + a.guest(a.event) + `","present":1}` },
	"/api/v1/events/:event/rsvps":    func(*ask) string { return person(uuid.NewString()) },
	"/door/:secret":                  func(a *ask) string { return "code=" + a.code },
	"/door/:secret/presses": func(a *ask) string {
		return "count=1&rsvp=" + a.guest(a.standing[matter{a.event.Host, models.Published}])
	},
	"/events/:event/rsvp":                 signUpBody,
	"/members/:secret/events/:event/rsvp": signUpBody,
	"/organise/account/codes":             codeBody,
	"/organise/account/passkeys":          func(*ask) string { return "passkey-name=Telefonen&passkey=%7B%7D" },
	"/organise/account/tokens":            func(*ask) string { return "name=x&scope=read-events&lasts=30" },
	"/organise/templates":                 func(a *ask) string { return "do=keep&name=Mall&from=" + a.event.ID },
	"/organise/events/:event/series":      func(*ask) string { return "days=7" },
	"/organise/calendars": func(a *ask) string {
		return "association=" + a.event.Host + "&address=https%3A%2F%2Fkalender.example%2Fa.ics"
	},
	"/organise/directory": func(*ask) string {
		return "name=Ny&district=oster&slug=ny-" + uuid.NewString()
	},
	"/organise/directory/:host":                hostBody,
	"/organise/events":                         eventBody,
	"/organise/events/:event":                  eventBody,
	"/organise/events/:event/checkins":         func(a *ask) string { return "present=1&rsvp=" + a.guest(a.event) },
	"/organise/events/:event/door":             func(*ask) string { return "do=open" },
	"/organise/events/:event/guard":            func(*ask) string { return "do=pause" },
	"/organise/events/:event/approval":         approvalBody,
	"/organise/events/:event/part":             func(*ask) string { return "do=stands" },
	"/organise/events/:event/parts":            func(*ask) string { return "do=remind" },
	"/organise/events/:event/hosts":            func(*ask) string { return "do=invite&host=almgarden" },
	"/organise/events/:event/invitation":       func(*ask) string { return "host=husie&answer=yes" },
	"/organise/events/:event/needs":            needBody,
	"/organise/events/:event/rsvps":            signUpBody,
	"/organise/events/:event/write":            func(*ask) string { return "to=both&business=yes&text=Hej" },
	"/organise/events/:event/write/:message":   func(*ask) string { return "do=copy" },
	"/organise/events/:event/attendance/:rsvp": func(*ask) string { return "do=cancel" },
	"/organise/events/several":                 func(a *ask) string { return "do=publish&event=" + a.event.ID },
	"/organise/events/unremind":                func(*ask) string { return "batch=" + uuid.NewString() },
	"/organise/events/:event/photo":            func(*ask) string { return "do=remove" },
	"/organise/organisers": func(*ask) string {
		return "role=organiser&association=husie&email=" + uuid.NewString() + "%40example.org"
	},
	"/organise/organisers/:organiser": organiserBody,
	"/organise/organisers/renew":      func(*ask) string { return "of=husie" },
	"/organise/outbox":                mailBody,
	"/organise/venues/:venue":         venueBody,
	"/sign-in":                        func(*ask) string { return "email=nobody%40example.org" },
}

func approvalBody(a *ask) string {
	asked := must(a.Planner.Store.Events.Update(a.ctx, a.event.ID, func(e *models.Event) error { e.Approval.Asked = *a.clock; return nil }))
	return url.Values{"seen": {writeSeen(asked.Updated)}, "do": {"approve"}}.Encode()
}

func eventBody(a *ask) string {
	in := filledIn(a.Words.In("sv"), &a.event, []string{"en"})
	in.set("summary", "Nytt")
	in.set("seen", writeSeen(a.event.Updated))
	return in.encode()
}

func signUpBody(*ask) string {
	return url.Values{"name": {"Ada"}, "email": {uuid.NewString() + "@example.org"}, "party": {"1"}, "consent": {"yes"}}.Encode()
}

// message is a draft to the attendees of the event, if there can be one.
func (a *ask) message() string {
	if !strings.Contains(a.route, ":message") {
		return ""
	}
	id := "00000000" + a.event.ID[8:]
	if _, err := a.Planner.WriteMessage(a.ctx, planner.Command(), a.event.ID, id, models.ToBoth, "Hej"); err != nil {
		return "nothing"
	}
	return id
}

func needBody(a *ask) string {
	guest := a.guest(a.event)
	rsvp := must(a.Planner.Store.RSVPs.Get(a.ctx, guest))
	said := rsvp.LastSaid()
	return url.Values{"rsvp": {guest}, "said": {strconv.FormatInt(said.UnixMilli(), 10)}, "seen": {"yes"}}.Encode()
}

func organiserBody(a *ask) string {
	o := must(a.Planner.Store.Organisers.Get(a.ctx, a.colleague()))
	in := organiserIn(&o)
	in.set("seen", writeSeen(o.Updated))
	return in.encode()
}

func hostBody(a *ask) string {
	hosts := a.Planner.Catalogue().Hosts()
	h := hosts[slices.IndexFunc(hosts, func(h planner.Host) bool { return h.Slug == a.event.Host })]
	in := hostIn(&h)
	in.set("seen", writeSeen(h.Updated))
	return in.encode()
}

func venueBody(a *ask) string {
	return url.Values{"association": {a.event.Host}, "place.name": {"Aulan"}}.Encode()
}

func codeBody(a *ask) string {
	who, err := a.Planner.BySession(a.ctx, a.cookies[a.role])
	if err != nil {
		return ""
	}
	offered := must(a.Planner.OfferCode(who, "Samling", nil))
	code := must(totp.GenerateCode(strings.ReplaceAll(offered.Secret, " ", ""), *a.clock))
	return url.Values{"name": {"Koder"}, "code": {code}, "sealed": {base64.RawURLEncoding.EncodeToString(offered.Sealed)}}.Encode()
}

func mailBody(a *ask) string {
	id := uuid.NewString()
	must(0, a.Planner.Store.Mails.Create(a.ctx, models.Mail{Document: models.Document{ID: id}, Status: models.MailFailed}))
	return "mail=" + id
}
