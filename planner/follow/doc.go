// Package follow keeps what associations have in their own calendars the same
// here. It is a room of its own because it does what no other does: it asks other
// people's machines for things, at addresses that were typed in, and reads what
// they send. So the limits of that stand in one place: where an address may lead
// (public.go), what a fetch may cost (fetch.go), and when an event that is not
// there any more is gone (models.Follow).
package follow
