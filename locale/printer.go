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
	and       string // what stands before the last item of a list, its spaces included
}

func newPrinter(b *i18n.Bundle, tag, fallback string, messages map[string]*i18n.Message) *Printer {
	p := &Printer{language: tag, localizer: i18n.NewLocalizer(b, tag, fallback), messages: messages}
	p.calendar = calendar{
		weekdays: strings.Fields(p.T("date.weekdays")),
		days:     strings.Fields(p.T("date.weekdays-short")),
		months:   strings.Fields(p.T("date.months")),
		short:    strings.Fields(p.T("date.months-short")),
		clock:    p.T("date.clock"),
	}
	p.and = p.T("list.and", "Items", "", "Last", "")
	return p
}

// Language is the tag of the language it speaks.
func (p *Printer) Language() string { return p.language }

// Has reports whether the language itself has the key; T would also take it
// from the fallback.
func (p *Printer) Has(key string) bool { return p.messages[key] != nil }

// T is the sentence of a key, its gaps filled: with are names and values in
// turn. The value named Count, a whole number, chooses the plural form. A key
// that this language lacks is taken from the fallback, and one that nobody has
// is returned as it is.
func (p *Printer) T(key string, with ...any) string {
	// Looking a sentence up in go-i18n costs a match of languages, a thousand
	// times what a map does; most sentences have neither gaps nor plurals.
	if m := p.messages[key]; m != nil && m.One == "" && !strings.Contains(m.Other, "{{") {
		return m.Other
	}
	gaps := make(map[string]any, len(with)/2)
	for i := 0; i+1 < len(with); i += 2 {
		if name, ok := with[i].(string); ok {
			gaps[name] = with[i+1]
		}
	}
	// Localize returns a text beside its error when it came from the fallback.
	text, _ := p.localizer.Localize(&i18n.LocalizeConfig{MessageID: key, TemplateData: gaps, PluralCount: gaps["Count"]})
	if text == "" {
		return key
	}
	return text
}

// List joins items as one says them: "a, b och c".
func (p *Printer) List(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	return string(p.AppendList(nil, items))
}

// AppendList adds what List says to b.
func (p *Printer) AppendList(b []byte, items []string) []byte {
	for i, item := range items {
		switch {
		case i == 0:
		case i == len(items)-1:
			b = append(b, p.and...)
		default:
			b = append(b, ", "...)
		}
		b = append(b, item...)
	}
	return b
}
