package handlers

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	gocmp "github.com/google/go-cmp/cmp"

	"samling/models"
	"samling/planner"
)

// unseen is what is asked of each route, by somebody who has no members' link and
// would find out whether there is something for members. SLUG and ID are those of
// a members' event, PART and AFTER of public ones that have to do with it, SECRET
// is of a link that was never made. A form that is sent stands behind a space.
// HEAD is as GET, and other languages are as the first.
var unseen = map[string][]string{
	"GET /healthz": {"/healthz"},
	"GET /readyz":  {"/readyz"},

	"GET /subscribe/qr.svg":                      {"/subscribe/qr.svg?association=husie&kind=meeting"},
	"GET /feeds/all.:format":                     {"/feeds/all.ics", "/feeds/all.ics?lang=en", "/feeds/all.atom", "/feeds/all.json"},
	"GET /feeds/associations/:value.:format":     {"/feeds/associations/husie.ics", "/feeds/associations/videdal.ics", "/feeds/associations/husie.atom", "/feeds/associations/husie.json"},
	"GET /feeds/kinds/:value.:format":            {"/feeds/kinds/meeting.ics", "/feeds/kinds/may-day.ics", "/feeds/kinds/meeting.atom", "/feeds/kinds/meeting.json"},
	"GET /feeds/groups/:value.:format":           {"/feeds/groups/klimat.ics", "/feeds/groups/klimat.atom", "/feeds/groups/klimat.json"},
	"GET /feeds/districts/:value.:format":        {"/feeds/districts/oster.ics", "/feeds/districts/oster.atom", "/feeds/districts/oster.json"},
	"GET /feeds/events.:format":                  {"/feeds/events.ics?association=husie&kind=meeting", "/feeds/events.ics?audience=members", "/feeds/events.atom?association=husie&kind=meeting", "/feeds/events.json?association=husie&kind=meeting"},
	"GET /feeds/members/:secret.:format":         {"/feeds/members/SECRET.ics", "/feeds/members/ID.ics", "/feeds/members/husie.ics", "/feeds/members/SECRET.atom", "/feeds/members/SECRET.json"},
	"GET /events/:value.:format":                 {"/events/SLUG.ics", "/events/ID.ics", "/events/PART.ics", "/events/AFTER.ics", "/events/may-day.ics", "/events/SLUG.atom", "/events/SLUG.json"},
	"GET /members/:secret/events/:value.:format": {"/members/SECRET/events/SLUG.ics", "/members/ID/events/SLUG.ics", "/members/SECRET/events/SLUG.atom", "/members/SECRET/events/SLUG.json"},
	"GET /static/:file":                          {"/static/SLUG"},

	"GET /api/v1/openapi.json": {"/api/v1/openapi.json"},
	"GET /api/v1/associations": {"/api/v1/associations"},
	"GET /api/v1/groups":       {"/api/v1/groups"},
	"GET /api/v1/districts":    {"/api/v1/districts"},
	"GET /api/v1/kinds":        {"/api/v1/kinds"},
	"GET /api/v1/events": {
		"/api/v1/events", "/api/v1/events?q=hemlig", "/api/v1/events?association=husie&kind=meeting", "/api/v1/events?limit=1",
		"/api/v1/events?audience=members", "/api/v1/events?mine=1", "/api/v1/events?from=2026-03-01&to=2026-04-01",
	},
	"GET /api/v1/events/:event":            {"/api/v1/events/SLUG", "/api/v1/events/ID", "/api/v1/events/PART", "/api/v1/events/AFTER", "/api/v1/events/may-day"},
	"POST /api/v1/events":                  {`/api/v1/events {"slug":"SLUG-2","kind":"meeting","title":"Mitt","host":"almgarden","starts":"2026-05-02T18:00","parent":"SLUG"}`},
	"PATCH /api/v1/events/:event":          {`/api/v1/events/ID {"title":"Nytt"}`, `/api/v1/events/SLUG {"title":5}`, `/api/v1/events/SLUG {`},
	"POST /api/v1/events/:event/publish":   {`/api/v1/events/ID/publish {}`, `/api/v1/events/SLUG/publish {"x":1}`},
	"POST /api/v1/events/:event/postpone":  {`/api/v1/events/ID/postpone {"reason":"x"}`, `/api/v1/events/SLUG/postpone [`},
	"POST /api/v1/events/:event/cancel":    {`/api/v1/events/ID/cancel {"reason":"x"}`, `/api/v1/events/SLUG/cancel [`},
	"POST /api/v1/events/:event/rsvps":     {`/api/v1/events/ID/rsvps ` + ada, `/api/v1/events/SLUG/rsvps ` + ada, `/api/v1/events/SLUG/rsvps {"name":""}`},
	"GET /api/v1/events/:event/attendance": {"/api/v1/events/ID/attendance", "/api/v1/events/SLUG/attendance"},
	"POST /api/v1/events/:event/checkins": {
		`/api/v1/events/ID/checkins {"rsvp":"0197a1b2-0000-7000-8000-000000000001","present":1}`,
		`/api/v1/events/SLUG/checkins {"id":"0197a1b2-0000-7000-8000-000000000001","walk_in":1}`, `/api/v1/events/SLUG/checkins {}`,
	},

	"GET /rsvp/:token":           {"/rsvp/SECRET", "/rsvp/ID"},
	"GET /rsvp/:token/event.ics": {"/rsvp/SECRET/event.ics", "/rsvp/ID/event.ics"},
	"POST /rsvp/:token":          {"/rsvp/ID action=cancel"},

	"GET /rsvp/:token/quiet":  {"/rsvp/ID/quiet"},
	"POST /rsvp/:token/quiet": {"/rsvp/ID/quiet action=quiet"},
	"GET /": {
		"/", "/?q=hemlig", "/?association=husie", "/?kind=meeting&association=videdal", "/?to=2026-03-02", "/?from=2026-03-03&to=2026-12-31", "/?view=month",
	},
	"GET /e/:code":                          {"/e/SHORT", "/e/", "/e/ID", "/e/PARTCODE"},
	"GET /events/:event/poster":             {"/events/SLUG/poster", "/events/ID/poster", "/events/PART/poster"},
	"GET /associations/:association/share":  {"/associations/husie/share", "/associations/videdal/share?month=2026-03", "/associations/husie/share?month=2026-05"},
	"GET /associations/:association/poster": {"/associations/husie/poster", "/associations/videdal/poster?month=2026-03"},
	"GET /associations/:association/qr.svg": {"/associations/husie/qr.svg", "/associations/SLUG/qr.svg"},
	"GET /may-day/:year":                    {"/may-day/2026", "/may-day/2027", "/may-day/x"},
	"GET /embed":                            {"/embed", "/embed?association=husie", "/embed?kind=meeting&association=videdal"},
	"GET /events/:event/share":              {"/events/SLUG/share", "/events/ID/share", "/events/PART/share"},
	"GET /events/:event/:shape.png":         {"/events/SLUG/wide.png", "/events/ID/tall.png", "/events/PART/square.png", "/events/SLUG/other.png"},
	"GET /events/:event/qr.svg":             {"/events/SLUG/qr.svg", "/events/ID/qr.svg", "/events/PART/qr.svg"},
	"GET /events/:event":                    {"/events/SLUG", "/events/ID", "/events/PART", "/events/AFTER", "/events/may-day"},
	"GET /events/:event/rsvp":               {"/events/SLUG/rsvp", "/events/SLUG/rsvp?status=going&party=2", "/events/ID/rsvp?status=going"},
	"POST /events/:event/rsvp":              {"/events/SLUG/rsvp " + adaTyped, "/events/ID/rsvp " + adaTyped, "/events/SLUG/rsvp name="},
	"GET /associations/:association":        {"/associations/husie", "/associations/videdal", "/associations/staden"},
	"GET /groups/:group":                    {"/groups/klimat"},
	"GET /districts/:district":              {"/districts/oster"},
	"GET /subscribe":                        {"/subscribe", "/subscribe?association=husie&kind=meeting"},
	"GET /privacy":                          {"/privacy"},
	"GET /about":                            {"/about"},
	"GET /accessibility":                    {"/accessibility"},
	"GET /sign-in":                          {"/sign-in?then=/organise/events/SLUG"},

	"GET /members/:secret":                     {"/members/SECRET", "/members/ID", "/members/SLUG", "/members/husie"},
	"GET /members/:secret/events/:event":       {"/members/SECRET/events/SLUG", "/members/ID/events/SLUG"},
	"GET /members/:secret/events/:event/rsvp":  {"/members/SECRET/events/SLUG/rsvp?status=going"},
	"POST /members/:secret/events/:event/rsvp": {"/members/SECRET/events/SLUG/rsvp " + adaTyped},

	// The public is sent to sign in; these are for an organiser of another
	// association.
	"GET /organise":                                          {"/organise"},
	"GET /organise/events":                                   {"/organise/events", "/organise/events?q=hemlig", "/organise/events?host=husie&which=past"},
	"GET /organise/events/new":                               {"/organise/events/new?kind=may-day"},
	"GET /organise/events/:event":                            {"/organise/events/ID", "/organise/events/SLUG", "/organise/events/ID?done=saved"},
	"POST /organise/events/:event":                           {"/organise/events/ID title=Nytt&seen=1", "/organise/events/SLUG title="},
	"GET /organise/events/:event/preview":                    {"/organise/events/ID/preview"},
	"POST /organise/events/:event/publish":                   {"/organise/events/ID/publish seen=1"},
	"GET /organise/events/:event/postpone":                   {"/organise/events/ID/postpone"},
	"POST /organise/events/:event/postpone":                  {"/organise/events/ID/postpone seen=1&reason=x"},
	"GET /organise/events/:event/cancel":                     {"/organise/events/ID/cancel"},
	"POST /organise/events/:event/cancel":                    {"/organise/events/ID/cancel seen=1&reason=x"},
	"GET /organise/approvals":                                {"/organise/approvals"},
	"POST /organise/events/:event/approval":                  {"/organise/events/ID/approval do=approve&seen=1"},
	"GET /organise/events/:event/parts":                      {"/organise/events/ID/parts"},
	"POST /organise/events/:event/parts":                     {"/organise/events/ID/parts do=remind"},
	"POST /organise/events/:event/part":                      {"/organise/events/ID/part do=stands"},
	"GET /organise/events/:event/hosts":                      {"/organise/events/ID/hosts"},
	"POST /organise/events/:event/hosts":                     {"/organise/events/ID/hosts do=invite&host=almgarden"},
	"GET /organise/events/:event/invitation":                 {"/organise/events/ID/invitation", "/organise/events/SLUG/invitation"},
	"POST /organise/events/:event/invitation":                {"/organise/events/ID/invitation host=almgarden&answer=yes", "/organise/events/SLUG/invitation answer=no"},
	"GET /organise/events/:event/attendance":                 {"/organise/events/ID/attendance"},
	"GET /organise/events/:event/attendance/details":         {"/organise/events/ID/attendance/details"},
	"GET /organise/events/:event/attendance/ticks":           {"/organise/events/ID/attendance/ticks"},
	"GET /organise/events/:event/attendance/blank":           {"/organise/events/ID/attendance/blank"},
	"GET /organise/events/:event/attendance/:rsvp":           {"/organise/events/ID/attendance/0197a1b2-0000-7000-8000-000000000001", "/organise/events/ID/attendance/x"},
	"POST /organise/events/:event/attendance/:rsvp":          {"/organise/events/ID/attendance/0197a1b2-0000-7000-8000-000000000001 do=cancel"},
	"GET /organise/events/:event/attendance.csv":             {"/organise/events/ID/attendance.csv"},
	"GET /organise/events/:event/attendance.xlsx":            {"/organise/events/ID/attendance.xlsx"},
	"POST /organise/events/:event/checkins":                  {"/organise/events/ID/checkins rsvp=x&present=1"},
	"POST /organise/events/:event/rsvps":                     {"/organise/events/ID/rsvps name=Ada&party=1"},
	"POST /organise/events/:event/needs":                     {"/organise/events/ID/needs rsvp=0197a1b2-0000-7000-8000-000000000001&seen=yes"},
	"POST /organise/events/:event/guard":                     {"/organise/events/ID/guard do=pause", "/organise/events/ID/guard do=remove&rsvp=0197a1b2-0000-7000-8000-000000000001"},
	"GET /organise/events/:event/close":                      {"/organise/events/ID/close", "/organise/events/SLUG/close"},
	"POST /organise/events/:event/close":                     {"/organise/events/ID/close came=3"},
	"GET /organise/account/digest":                           {"/organise/account/digest"},
	"POST /organise/account/digest":                          {"/organise/account/digest mail=eve"},
	"GET /mail-off/:kind/:token":                             {"/mail-off/digest/nobody"},
	"POST /mail-off/:kind/:token":                            {"/mail-off/digest/nobody x=1"},
	"GET /organise/events/:event/write":                      {"/organise/events/ID/write"},
	"POST /organise/events/:event/write":                     {"/organise/events/ID/write to=both&text=Hej&business=yes"},
	"GET /organise/events/:event/write/:message":             {"/organise/events/ID/write/ID"},
	"POST /organise/events/:event/write/:message":            {"/organise/events/ID/write/ID do=copy"},
	"GET /organise/contributions":                            {"/organise/contributions", "/organise/contributions?q=hemlig&group=klimat"},
	"GET /organise/contributions.csv":                        {"/organise/contributions.csv"},
	"GET /organise/events/:event/door":                       {"/organise/events/ID/door"},
	"POST /organise/events/:event/door":                      {"/organise/events/ID/door do=open"},
	"GET /door/worker.js":                                    {"/door/worker.js"},
	"GET /door/:secret":                                      {"/door/SECRET", "/door/ID"},
	"POST /door/:secret":                                     {"/door/SECRET code=1234"},
	"GET /door/:secret/shell":                                {"/door/SECRET/shell"},
	"GET /door/:secret/list":                                 {"/door/SECRET/list"},
	"GET /door/:secret/counts":                               {"/door/SECRET/counts"},
	"POST /door/:secret/presses":                             {"/door/SECRET/presses rsvp=ID&count=1"},
	"GET /organise/events/:event/members":                    {"/organise/events/ID/members"},
	"GET /organise/events/:event/members/renew":              {"/organise/events/ID/members/renew"},
	"POST /organise/events/:event/members/renew":             {"/organise/events/ID/members/renew seen=1"},
	"GET /organise/members":                                  {"/organise/members"},
	"GET /organise/associations/:association/members":        {"/organise/associations/husie/members", "/organise/associations/almgarden/members/renew/x"},
	"GET /organise/associations/:association/members/renew":  {"/organise/associations/husie/members/renew"},
	"POST /organise/associations/:association/members/renew": {"/organise/associations/husie/members/renew seen="},
	"GET /organise/calendars":                                {"/organise/calendars"},
	"POST /organise/calendars":                               {"/organise/calendars association=husie&address=https://kalender.example/a.ics"},
	"GET /organise/calendars/:calendar":                      {"/organise/calendars/ID"},
	"GET /organise/events/:event/series":                     {"/organise/events/ID/series", "/organise/events/SLUG/series?how=week&count=3"},
	"POST /organise/events/:event/series":                    {"/organise/events/ID/series days=7"},
	"GET /organise/templates":                                {"/organise/templates", "/organise/templates?from=ID"},
	"POST /organise/templates":                               {"/organise/templates do=keep&from=ID&name=x"},
	"GET /organise/plans/:plan":                              {"/organise/plans/ID"},
	"POST /organise/plans/:plan":                             {"/organise/plans/ID do=carry", "/organise/plans/ID do=undo"},
	"POST /organise/calendars/:calendar/approve":             {"/organise/calendars/ID/approve as=drafts"},
	"POST /organise/calendars/:calendar/fetch":               {"/organise/calendars/ID/fetch x=1"},
	"POST /organise/calendars/:calendar/gone":                {"/organise/calendars/ID/gone cancel=ID"},
	"POST /organise/calendars/:calendar/stop":                {"/organise/calendars/ID/stop x=1"},
	"GET /organise/log":                                      {"/organise/log"},
	"GET /organise/log.csv":                                  {"/organise/log.csv"},
	"GET /organise/events/:event/published":                  {"/organise/events/ID/published"},
	"POST /organise/events/:event/help":                      {"/organise/events/ID/help wanted=yes"},
	"GET /organise/when":                                     {"/organise/when?starts.date=2026-03-04"},
	"GET /organise/events/:event/history":                    {"/organise/events/ID/history"},
	"GET /organise/changes":                                  {"/organise/changes", "/organise/changes?event=ID"},
	"GET /organise/changes.csv":                              {"/organise/changes.csv"},
	"GET /organise/ours":                                     {"/organise/ours"},
	"GET /organise/city":                                     {"/organise/city"},
	"POST /organise/events/several":                          {"/organise/events/several do=publish&event=ID", "/organise/events/several do=move&event=ID", "/organise/events/several do=remind&event=SLUG"},
	"POST /organise/events/unremind":                         {"/organise/events/unremind batch=ID"},
	"GET /organise/numbers":                                  {"/organise/numbers", "/organise/numbers?by=kind"},
	"GET /organise/numbers.csv":                              {"/organise/numbers.csv"},
	"GET /organise/overview":                                 {"/organise/overview"},
	"GET /organise/directory":                                {"/organise/directory"},
	"POST /organise/directory":                               {"/organise/directory name=x"},
	"GET /organise/directory/new":                            {"/organise/directory/new"},
	"GET /organise/directory/:host":                          {"/organise/directory/husie"},
	"POST /organise/directory/:host":                         {"/organise/directory/husie name=x"},
	"GET /organise/directory/:host/close":                    {"/organise/directory/husie/close"},
	"POST /organise/directory/:host/close":                   {"/organise/directory/husie/close closed=yes"},
	"GET /organise/settings":                                 {"/organise/settings"},
	"POST /organise/settings":                                {"/organise/settings office.name=x"},
	"GET /organise/organisers":                               {"/organise/organisers", "/organise/organisers?q=SLUG"},
	"POST /organise/organisers":                              {"/organise/organisers email=ID"},
	"GET /organise/organisers/new":                           {"/organise/organisers/new"},
	"POST /organise/organisers/renew":                        {"/organise/organisers/renew of=husie"},
	"GET /organise/organisers/:organiser":                    {"/organise/organisers/ID"},
	"POST /organise/organisers/:organiser":                   {"/organise/organisers/ID name=x"},
	"POST /organise/organisers/:organiser/invite":            {"/organise/organisers/ID/invite x=1"},
	"POST /organise/organisers/:organiser/renew":             {"/organise/organisers/ID/renew x=1"},
	"GET /organise/organisers/:organiser/reset":              {"/organise/organisers/ID/reset"},
	"POST /organise/organisers/:organiser/reset":             {"/organise/organisers/ID/reset x=1"},
	"GET /organise/organisers/:organiser/remove":             {"/organise/organisers/ID/remove"},
	"POST /organise/organisers/:organiser/remove":            {"/organise/organisers/ID/remove x=1"},
	"GET /organise/texts":                                    {"/organise/texts"},
	"GET /organise/events/:event/photo":                      {"/organise/events/ID/photo"},
	"POST /organise/events/:event/photo":                     {"/organise/events/ID/photo do=remove"},
	"GET /photos/:photo/:size.jpg":                           {"/photos/ID/small.jpg"},
	"GET /organise/venues":                                   {"/organise/venues"},
	"GET /organise/venues/new":                               {"/organise/venues/new", "/organise/venues/new?from=ID"},
	"GET /organise/venues/:venue":                            {"/organise/venues/ID"},
	"POST /organise/venues/:venue":                           {"/organise/venues/ID place.name=Aulan"},
	"GET /organise/texts/:host":                              {"/organise/texts/husie", "/organise/texts/nope"},
	"POST /organise/texts/:host":                             {"/organise/texts/husie text.sv=Hej"},
	"GET /organise/notice":                                   {"/organise/notice"},
	"POST /organise/notice":                                  {"/organise/notice text.sv=Hej&until=2026-03-20"},
	"GET /organise/outbox":                                   {"/organise/outbox"},
}

const (
	ada      = `{"name":"Ada","email":"ada@example.org","party":1,"consent":true}`
	adaTyped = "name=Ada&email=ada%40example.org&party=1&consent=yes"
)

// apart are the routes that have nothing to do with an event that there is.
var apart = map[string]string{
	"POST /sign-in": "of organisers alone", "POST /sign-out": "of organisers alone",
	"POST /organise/events": "makes one's own", "POST /organise/outbox": "of coordinators alone",
	"GET /demo/mail": "of a demonstration", "GET /demo/mail/:letter": "of a demonstration",
	"GET /demo/mail/:letter/html": "of a demonstration", "GET /demo/mail/:letter/invitation.ics": "of a demonstration",
}

// The ids of the events that both cities have, and of the one that only one has.
const (
	mayDayID = "0197a1b2-0000-7000-8000-00000000000a"
	partID   = "0197a1b2-0000-7000-8000-00000000000b"
	afterID  = "0197a1b2-0000-7000-8000-00000000000c"
	hiddenID = "0197a1b2-0000-7000-8000-00000000000d"
)

// twin is a city in which all has happened at the same moments as in every other;
// with hidden events, or without.
func twin(t *testing.T, hidden bool) *city {
	c := newCityWith(t, func(c *Config) { c.Demo, c.Mailbox, c.Planner.Limits = true, emptyMailbox{}, false })
	must(c.Planner.ImportAssociations(c.ctx, []planner.Row[models.Association]{
		{Line: 2, Doc: models.Association{Document: models.Document{ID: "staden"}, Name: "Staden", Central: true}},
		{Line: 3, Doc: models.Association{Document: models.Document{ID: "almgarden"}, Name: "Almgårdens förening", District: "oster"}},
	}))
	c.token("almgarden@example.org", models.RoleOrganiser, "almgarden")
	publish := func(id string, how func(*models.Event)) models.Event {
		e := townHallOf("husie")
		e.ID = id
		how(&e)
		e = must(c.Planner.CreateEvent(c.ctx, planner.Command(), e))
		return must(c.Planner.MoveEvent(c.ctx, planner.Command(), e.ID, planner.Anyway, models.Publish, ""))
	}
	publish(mayDayID, func(e *models.Event) {
		e.Kind, e.Title, e.Slug, e.Host = models.MayDay, "Första maj", "may-day", "staden"
	})
	c.pass(time.Hour)
	parent := ""
	if hidden {
		e := publish(hiddenID, func(e *models.Event) {
			e.Kind, e.Audience, e.Title, e.CoHosts, e.Capacity = models.Meeting, models.Members, "Hemligt möte", []string{"videdal"}, 1
		})
		parent = e.Slug
		publish("", func(e *models.Event) { e.Audience, e.Title, e.Parent = models.Members, "Hemlig frukost", "may-day" })
		publish("", func(e *models.Event) {
			e.Audience, e.Title, e.Starts = models.Members, "Hemligt förut", tuesday.Add(-48*time.Hour)
			e.Ends = time.Time{}
		})
	}
	c.pass(time.Hour)
	publish(partID, func(e *models.Event) { e.Title, e.Slug, e.Parent = "Mötet som följer", "motet-som-foljer", parent })
	publish(afterID, func(e *models.Event) { e.Kind, e.Title, e.Host = models.Meeting, "Hemligt möte", "videdal" })
	c.pass(time.Hour)
	if hidden { // everything that happens to an event
		pass := &models.Pass{Event: hiddenID}
		for _, who := range []string{"ada", "bo"} {
			must(c.Planner.SignUp(c.ctx, hiddenID, models.SignUp{Name: who, Email: who + "@example.org", Party: 1, Consent: true, Pass: pass}, nil))
		}
		must(c.Planner.ChangeEvent(c.ctx, planner.Command(), hiddenID, planner.Anyway, func(e *models.Event) error {
			e.Starts, e.Ends = e.Starts.Add(time.Hour), e.Ends.Add(time.Hour)
			return nil
		}))
		must(0, c.Planner.RenewEventLink(c.ctx, planner.Command(), hiddenID, time.Time{}))
		must(0, c.Planner.RenewDoor(c.ctx, planner.Command(), hiddenID))
		must(0, c.Planner.RenewAssociationLink(c.ctx, planner.Command(), "husie", time.Time{}))
		must(c.Planner.MoveEvent(c.ctx, planner.Command(), hiddenID, planner.Anyway, models.Postpone, "Sjukt"))
	}
	c.pass(time.Hour)
	return c
}

const hiddenSlug = "hemligt-mote-2026-03-13-00000d"

// ask is one that unseen writes down, as it is sent to a city.
func (c *city) asks(method, text, cookie, token string, headers ...string) answer {
	c.t.Helper()
	text = strings.NewReplacer(
		"SHORT", models.ShortCode(hiddenID, 0), "PARTCODE", models.ShortCode(partID, 0),
		"SLUG", hiddenSlug, "ID", hiddenID, "PART", "motet-som-foljer", "AFTER", "hemligt-mote",
		"SECRET", "AZehsgAAcACAAAAAAAAADTAlM2FbZ0xwT2lYc0ZkRGU",
	).Replace(text)
	path, body, sent := strings.Cut(text, " ")
	var reader io.Reader
	if sent {
		reader = strings.NewReader(body)
	}
	r := must(http.NewRequestWithContext(c.ctx, method, path, reader))
	r.Host = "samling.test"
	if sent {
		r.Header.Set("Content-Type", map[bool]string{true: "application/json", false: "application/x-www-form-urlencoded"}[strings.HasPrefix(path, "/api/")])
	}
	if token != "" && strings.HasPrefix(path, "/api/") {
		r.Header.Set("Authorization", "Bearer "+token)
	} else if cookie != "" {
		r.Header.Set("Cookie", "__Host-samling="+cookie)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := c.App().Test(r, -1)
	if err != nil {
		c.t.Fatalf("%s %s: %v", method, path, err)
	}
	return answer{resp, string(must(io.ReadAll(resp.Body)))}
}

// whole is all of an answer that somebody could learn from.
func (a answer) whole() string {
	h := a.Header.Clone()
	h.Del(headerRequestID)
	h.Del("Date")
	h.Del(HeaderInstallation) // the two cities have a key file each
	var b strings.Builder
	fmt.Fprintln(&b, a.StatusCode, a.ContentLength)
	for _, name := range slices.Sorted(maps.Keys(h)) {
		fmt.Fprintln(&b, name, h[name])
	}
	return b.String() + newID.ReplaceAllString(a.body, "")
}

// inFirstLanguage is the path of a route without its language, and that.
func inFirstLanguage(path string) (rest, prefix string) {
	for _, prefix := range []string{"/en", "/ar"} {
		if rest, ok := strings.CutPrefix(path, prefix); ok && (rest == "" || rest[0] == '/') {
			return cmp.Or(rest, "/"), prefix
		}
	}
	return path, ""
}

// newID is the id that a form for something new brings.
var newID = regexp.MustCompile(`name="new" value="[-0-9a-f]+"|action="(/en)?/organise/venues/[-0-9a-f]{36}"`)

// Without a members' link every route answers, byte for byte, as in a city in
// which there is nothing for members.
func TestMembers_AsIfTheyWereNotThere(t *testing.T) {
	if testing.Short() {
		t.Skip("long: it is run whole without -short")
	}
	t.Parallel() // the longest ones, side by side
	with, without := twin(t, true), twin(t, false)
	if a := with.ask("GET", apiRoot+"/events/"+hiddenID, "", "token", with.office).want(t, 200); !strings.Contains(a.body, hiddenSlug) {
		t.Fatalf("its organiser does not see it: %s", a.body)
	}
	type asker struct{ name, cookie, token, elsewhere, elsewhereToken string }
	stranger := func(c *city) (string, string) {
		o := must(c.Planner.OrganiserByEmail(c.ctx, "almgarden@example.org"))
		return c.session(o.Email), c.tokenOf(o, models.Scopes()...)
	}
	other := asker{name: "another association's organiser"}
	other.cookie, other.token = stranger(with)
	other.elsewhere, other.elsewhereToken = stranger(without)
	asked := 0
	for _, route := range with.App().GetRoutes(true) {
		path, prefix := inFirstLanguage(route.Path)
		method := route.Method
		if method == fiber.MethodHead {
			method = fiber.MethodGet
		}
		if strings.HasPrefix(path, "/organise/account") || strings.HasPrefix(path, "/organise/prove") {
			continue // of one's own account, which knows of no events
		}
		asks, ok := unseen[method+" "+path]
		if _, not := apart[method+" "+path]; ok == not {
			t.Errorf("%s %s: nobody has said what it must not tell", route.Method, route.Path)
		}
		for _, text := range asks {
			for _, who := range []asker{{name: "the public"}, other} {
				for _, headers := range [][]string{nil, {"If-Match", `"1"`, "If-None-Match", "*", "Accept", "text/csv"}} {
					asked++
					a := with.asks(route.Method, prefix+text, who.cookie, who.token, headers...)
					b := without.asks(route.Method, prefix+text, who.elsewhere, who.elsewhereToken, headers...)
					if diff := gocmp.Diff(b.whole(), a.whole()); diff != "" {
						t.Errorf("%s %s, asked by %s with %q: (-not there +there)\n%s", route.Method, prefix+text, who.name, headers, diff)
					}
				}
			}
		}
	}
	for _, row := range slices.Concat(slices.Collect(maps.Keys(unseen)), slices.Collect(maps.Keys(apart))) {
		method, path, _ := strings.Cut(row, " ")
		if !slices.ContainsFunc(with.App().GetRoutes(true), func(r fiber.Route) bool { return r.Method == method && r.Path == path }) {
			t.Errorf("%s has a row and no route", row)
		}
	}
	t.Logf("asked %d times", asked)
}
