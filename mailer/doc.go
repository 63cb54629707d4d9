// Package mailer tells people what the outbox says they should be told. It
// composes each mail from its row (pure functions, the same bytes every time),
// hands it to a mail server that may be slow, rude or away, and never loses or
// doubles one if that can be helped at all.
//
// Everything in it that speaks SMTP is here, and nothing else in Samling does.
package mailer
