// Package ics turns events into RFC 5545 calendars and calendars into events.
// Calendar programs forgive little and say nothing: one wrong line, and a
// subscription is empty for months without anybody being told. So the bytes are
// made and checked in one room, pure functions of what they are given: no clock,
// no network, the same bytes for the same events.
//
// The model of components, properties and parameters is golang-ical's. What that
// library writes wrongly is written by our own writer (write.go); what it reads
// without limits is cut into lines by our own reader (read.go).
package ics
