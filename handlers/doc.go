// Package handlers is everything that speaks HTTP: the JSON API, the calendar
// feeds, the pages and the probes. It exists so that Fiber, with its strings
// that change under one's hands and its defaults for other people's programs,
// stays in one room. A handler decodes, calls one use case of planner, and
// answers; what is right and who may do it is decided there and in models.
package handlers
