package handlers

import (
	"strings"

	"github.com/gofiber/fiber/v2"
)

// mailOffPath is what the addresses begin with by which an organiser ends mails.
const mailOffPath = "/mail-off/"

// isDesk reports whether a path, without its language, is one of the organisers'.
func isDesk(path string) bool {
	return path == "/sign-in" || strings.HasPrefix(path, mailOffPath) || path == "/organise" || strings.HasPrefix(path, "/organise/")
}

// organisePages are the pages of those who sign in, in one language.
func (s *Server) organisePages(in fiber.Router) {
	in.Get("/sign-in", unkept, s.showSignIn)
	in.Post("/sign-in", unkept, s.signInHere)
	in.Post("/sign-out", unkept, s.signOut)
	in.Get("/mail-off/:kind/:token", unkept, s.askMailOff)
	in.Post("/mail-off/:kind/:token", unkept, s.takeMailOff)

	for _, long := range []string{"/organise/events", "/organise/events/:event"} {
		in.Post(long, unkept, s.keepWriting)
	}
	desk := in.Group("/organise", unkept, s.organisersOnly)
	desk.Get("", s.organiseHome) // "/" would be /organise/ under strict routing
	desk.Get("/ours", s.organiseOurs)
	desk.Get("/events/:event/photo", s.askPhoto)
	desk.Post("/events/:event/photo", s.takePhoto)
	desk.Get("/venues", s.organiseVenues)
	desk.Get("/venues/new", s.askVenue)
	desk.Get("/venues/:venue", s.askVenue)
	desk.Post("/venues/:venue", s.takeVenue)
	desk.Get("/city", s.organiseCity)
	s.cityRoutes(desk)
	s.accountRoutes(desk)
	desk.Get("/events", s.organiseEvents)
	desk.Post("/events", s.createDraft)
	desk.Get("/events/new", s.newEvent)
	desk.Get("/when", s.understandWhen)
	desk.Get("/events/:event", s.editEvent)
	desk.Post("/events/:event/help", s.askHelp)
	desk.Post("/events/:event", s.saveEvent)
	desk.Get("/events/:event/preview", s.preview)
	desk.Get("/events/:event/published", s.published)
	desk.Post("/events/:event/publish", s.takePublish)
	desk.Get("/events/:event/postpone", s.askPostpone)
	desk.Post("/events/:event/postpone", s.takePostpone)
	desk.Get("/events/:event/cancel", s.askCancel)
	desk.Post("/events/:event/cancel", s.takeCancel)
	desk.Get("/events/:event/hosts", s.eventHosts)
	desk.Post("/events/:event/hosts", s.changeHosts)
	desk.Get("/approvals", s.organiseApprovals)
	desk.Get("/events/:event/parts", s.eventParts)
	desk.Post("/events/:event/parts", s.changeParts)
	desk.Post("/events/:event/part", s.answerPart)
	desk.Post("/events/:event/approval", s.answerApproval)
	desk.Get("/events/:event/invitation", s.invitation)
	desk.Post("/events/:event/invitation", s.answerInvitation)
	desk.Get("/events/:event/attendance", s.attendanceList)
	// These give what a list keeps of people, or take it away: a second factor is asked
	// for before them, and not before the names.
	desk.Get("/events/:event/attendance/details", s.proven, s.attendanceList)
	desk.Get("/events/:event/attendance.csv", s.proven, s.attendanceCSV)
	desk.Get("/events/:event/attendance.xlsx", s.proven, s.attendanceXLSX)
	desk.Get("/events/:event/attendance/ticks", s.proven, s.ticksPrinted)
	desk.Get("/events/:event/attendance/blank", s.blankPrinted)
	desk.Get("/events/:event/attendance/:rsvp", s.proven, s.showAttendee)
	desk.Post("/events/:event/attendance/:rsvp", s.proven, s.handAttendee)
	desk.Post("/events/:event/checkins", s.tickOff)
	desk.Post("/events/:event/needs", s.seeTo)
	desk.Post("/events/:event/rsvps", s.addByHand)
	desk.Get("/events/:event/door", s.organiseDoor)
	desk.Post("/events/:event/door", s.keepDoor)
	desk.Get("/events/:event/members", s.eventLink)
	desk.Get("/events/:event/members/renew", s.askEventLink)
	desk.Post("/events/:event/members/renew", s.renewEventLink)
	desk.Get("/events/:event/write", s.askWrite)
	desk.Post("/events/:event/write", s.takeWrite)
	desk.Get("/events/:event/write/:message", s.showMessage)
	desk.Post("/events/:event/write/:message", s.takeMessage)
	desk.Get("/events/:event/close", s.askClosing)
	desk.Post("/events/:event/close", s.takeClosing)
	desk.Get("/account/digest", s.askDigest)
	desk.Post("/account/digest", s.takeDigest)
	desk.Get("/contributions", s.organiseContributions)
	desk.Get("/contributions.csv", s.contributionsCSV)
	desk.Get("/members", s.organiseMembers)
	desk.Get("/associations/:association/members", s.associationLink)
	desk.Get("/associations/:association/members/renew", s.askAssociationLink)
	desk.Post("/associations/:association/members/renew", s.renewAssociationLink)
	desk.Post("/events/:event/guard", s.guard)
	desk.Get("/calendars", s.organiseCalendars)
	desk.Post("/calendars", s.followCalendar)
	desk.Get("/calendars/:calendar", s.calendar)
	desk.Post("/calendars/:calendar/approve", s.approveCalendar)
	desk.Post("/calendars/:calendar/fetch", s.fetchCalendar)
	desk.Post("/calendars/:calendar/gone", s.sayOfGone)
	desk.Post("/calendars/:calendar/stop", s.stopCalendar)
	desk.Get("/events/:event/history", s.history)
	desk.Get("/changes", s.organiseChanges)
	desk.Get("/changes.csv", s.changesCSV)
	desk.Get("/log", s.organiseLog)
	desk.Get("/log.csv", s.logCSV)
	desk.Get("/texts", s.organiseTexts)
	desk.Get("/texts/:host", s.askAbout)
	desk.Post("/texts/:host", s.takeAbout)
	desk.Get("/events/:event/series", s.series)
	desk.Post("/events/:event/series", s.takeSeries)
	desk.Get("/plans/:plan", s.plan)
	desk.Post("/plans/:plan", s.takePlan)
	desk.Get("/notice", s.askNotice)
	desk.Post("/notice", s.takeNotice)
	desk.Get("/outbox", s.organiseOutbox)
	desk.Post("/outbox", s.mailAgain)
}
