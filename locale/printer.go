package locale

import (
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

// Printer speaks one language. It may be used by many goroutines.
type Printer struct {
	language  string
	localizer *i18n.Localizer
	messages  map[string]*i18n.Message
	calendar  calendar
	direction string
	// What stands before the last item of a list, and before those in its middle,
	// with its spaces.
	last, middle string
}

func newPrinter(b *i18n.Bundle, tag, fallback string, messages map[string]*i18n.Message) *Printer {
	p := &Printer{language: tag, localizer: i18n.NewLocalizer(b, tag, fallback), messages: messages, direction: Direction(tag)}
	p.calendar = calendar{
		weekdays: strings.Fields(p.T("date.weekdays")),
		days:     strings.Fields(p.T("date.weekdays-short")),
		months:   strings.Fields(p.T("date.months")),
		short:    strings.Fields(p.T("date.months-short")),
		clock:    p.T("date.clock"),
	}
	p.middle, p.last = p.T("list.middle", "Items", "", "Next", ""), p.T("list.end", "Items", "", "Last", "")
	return p
}

// Language is the tag of the language it speaks.
func (p *Printer) Language() string { return p.language }

// Direction is how the language is written, LeftToRight or RightToLeft.
func (p *Printer) Direction() string { return p.direction }

// Has reports whether the language itself has the key; T would also take it
// from the fallback.
func (p *Printer) Has(key string) bool { return p.messages[key] != nil }

// T is the sentence of a key, its gaps filled: with are names and values in
// turn, texts among them isolated. The value named Count, a whole number, chooses
// the plural form. A key that this language lacks is taken from the fallback, and
// one that nobody has is returned as it is.
func (p *Printer) T(key string, with ...any) string {
	// Looking a sentence up in go-i18n costs a match of languages, a thousand
	// times what a map does; most sentences have neither gaps nor plurals.
	if m := p.messages[key]; m != nil && m.One == "" && !strings.Contains(m.Other, "{{") {
		return m.Other
	}
	gaps := make(map[string]any, len(with)/2)
	for i := 0; i+1 < len(with); i += 2 {
		name, ok := with[i].(string)
		if !ok {
			continue
		}
		gaps[name] = with[i+1]
		if text, ok := with[i+1].(string); ok {
			gaps[name] = p.Isolate(text)
		}
	}
	// Localize returns a text beside its error when it came from the fallback.
	text, _ := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: gaps, PluralCount: gaps["Count"]})
	if text == "" {
		return key
	}
	return text
}

// List joins items as one says them, each isolated: "a, b och c".
func (p *Printer) List(items []string) string { return string(p.AppendList(nil, items)) }

// AppendList adds what List says to b.
func (p *Printer) AppendList(b []byte, items []string) []byte {
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			b = append(b, p.last...)
		default:
			b = append(b, p.middle...)
		}
		b = append(b, p.Isolate(item)...)
	}
	return b
}
