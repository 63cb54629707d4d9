// Package models holds the words of Samling: what an event, an association, a
// sign-up and a mail are, which of them are right, who may do what, and the
// contract that a store must keep. It knows no database, no web server and no
// mail server, so that every rule can be read and tested in one place.
//
// Who may do what is said by methods of Organiser. Names on a list have one rule,
// Organiser.MayReadName, and nothing shows, exports or mails a name without it.
//
// Times are UTC and exact to the millisecond, because that is what both stores
// can keep; the IANA zone in which people read them stands beside them.
package models
