package locale

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed translations/*.toml
var translations embed.FS

// Catalogue is all sentences in all languages. It never changes after Load and
// may be used by many goroutines.
type Catalogue struct {
	printers map[string]*Printer
	fallback *Printer
	// tags stand in the order of Languages, the fallback first, because the
	// matcher answers with the first when nothing fits.
	tags    []language.Tag
	matcher language.Matcher
	// complete is the catalogue of those languages that have every room.
	complete *Catalogue
}

// Load reads the translations that are built in. fallback is the tag of the
// language that stands in for one that is missing; it is an error when there is
// no such language, when it speaks to the public alone, or when two files of one
// language say the same key.
func Load(fallback string) (*Catalogue, error) { return load(translations, fallback) }

func load(files fs.FS, fallback string) (*Catalogue, error) {
	paths, err := fs.Glob(files, "translations/*.toml")
	if err != nil {
		return nil, err
	}
	bundle := i18n.NewBundle(language.Make(fallback))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	messages := map[string]map[string]*i18n.Message{}
	rooms := map[string]int{}
	for _, path := range paths {
		file, err := bundle.LoadMessageFileFS(files, path)
		if err != nil {
			return nil, fmt.Errorf("locale: %s: %w", path, err)
		}
		tag := file.Tag.String()
		if messages[tag] == nil {
			messages[tag] = map[string]*i18n.Message{}
		}
		rooms[tag]++
		for _, m := range file.Messages {
			if messages[tag][m.ID] != nil {
				return nil, fmt.Errorf("locale: %s: %q stands in another file too", path, m.ID)
			}
			messages[tag][m.ID] = m
		}
	}
	most := slices.Max(append(slices.Collect(maps.Values(rooms)), 1))
	if rooms[fallback] < most {
		return nil, fmt.Errorf("locale: there is no language %q that speaks to everybody", fallback)
	}
	all, complete := map[string]*Printer{}, map[string]*Printer{}
	for tag, m := range messages {
		p := newPrinter(bundle, tag, fallback, m)
		if len(p.calendar.weekdays) != 7 || len(p.calendar.months) != 12 {
			return nil, fmt.Errorf("locale: %s: date.weekdays and date.months must name 7 days and 12 months", tag)
		}
		all[tag] = p
		if rooms[tag] == most {
			complete[tag] = p
		}
	}
	c := newCatalogue(all, fallback)
	c.complete = newCatalogue(complete, fallback)
	c.complete.complete = c.complete
	return c, nil
}

func newCatalogue(printers map[string]*Printer, fallback string) *Catalogue {
	c := &Catalogue{printers: printers, fallback: printers[fallback]}
	for _, tag := range c.Languages() {
		c.tags = append(c.tags, language.Make(tag))
	}
	c.matcher = language.NewMatcher(c.tags)
	return c
}

// Complete is the catalogue of the languages that speak to everybody, organisers
// and those who run an installation among them. Others speak to the public alone:
// whoever needs more is answered wholly in one of these, never in two at once.
func (c *Catalogue) Complete() *Catalogue { return c.complete }

// Languages are the tags of all languages, the fallback first, the others by
// their letters.
func (c *Catalogue) Languages() []string {
	var tags []string
	for tag := range c.printers {
		if tag != c.fallback.language {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return append([]string{c.fallback.language}, tags...)
}

// In speaks a language: the fallback when the tag is unknown or empty. A
// region is left aside, "en-GB" is "en".
func (c *Catalogue) In(tag string) *Printer {
	if p := c.printers[tag]; p != nil {
		return p
	}
	base, _, _ := strings.Cut(tag, "-")
	if p := c.printers[strings.ToLower(base)]; p != nil {
		return p
	}
	return c.fallback
}

// Match speaks the language that an Accept-Language header (RFC 9110 §12.5.4)
// likes best of those there are; the fallback when it likes none or cannot be
// read.
func (c *Catalogue) Match(acceptLanguage string) *Printer {
	wanted, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(wanted) == 0 {
		return c.fallback
	}
	_, i, confidence := c.matcher.Match(wanted...)
	// A low confidence is a guess from politics and geography, such as Swedish
	// for somebody who asked for Finnish.
	if confidence < language.High {
		return c.fallback
	}
	return c.printers[c.tags[i].String()]
}
