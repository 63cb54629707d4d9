// Package vault keeps what must be readable only for a while. Coming to a
// political event says something about a person, so the name that somebody gave
// must really be gone when it was promised to be, out of old backups too.
//
// Every event has a key of its own. It is stored beside the event, wrapped for
// the day on which it must be erased, and what wraps it comes from a chain that
// runs forward only: each day's value is derived from that of the day before, and
// the key file holds nothing but today's. Once a day has passed, no copy of the
// database can be opened for it with what is left.
package vault
