package handlers

import (
	"encoding/xml"
	"strings"
	"time"

	"github.com/google/uuid"
)

// atomFeed is a feed as RFC 4287 has it, but for its entries.
type atomFeed struct {
	XMLName  xml.Name     `xml:"http://www.w3.org/2005/Atom feed"`
	Language string       `xml:"http://www.w3.org/XML/1998/namespace lang,attr"`
	ID       string       `xml:"id"`
	Title    string       `xml:"title"`
	Updated  string       `xml:"updated"`
	Authors  []atomPerson `xml:"author"`
	Links    []atomLink   `xml:"link"`
}

type atomPerson struct {
	Name string `xml:"name"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	Href string `xml:"href,attr"`
}

// atomEntry is an entry (RFC 4287 §4.1.2).
type atomEntry struct {
	XMLName    xml.Name       `xml:"entry"`
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Updated    string         `xml:"updated"`
	Authors    []atomPerson   `xml:"author"`
	Links      []atomLink     `xml:"link"`
	Categories []atomCategory `xml:"category"`
	Summary    string         `xml:"summary,omitempty"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term  string `xml:"term,attr"`
	Label string `xml:"label,attr,omitempty"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	HTML string `xml:",chardata"`
}

func (e *entry) atom() ([]byte, error) {
	out := atomEntry{
		ID: e.id, Title: e.title, Updated: e.changed.UTC().Format(time.RFC3339), Summary: e.summary,
		Links:      []atomLink{{"alternate", "text/html", e.page}},
		Categories: []atomCategory{{string(e.kind), e.kindName}},
		Content:    atomContent{"html", e.content},
	}
	for _, name := range e.hosts {
		out.Authors = append(out.Authors, atomPerson{name})
	}
	for _, name := range e.groups {
		out.Categories = append(out.Categories, atomCategory{Term: name})
	}
	return xml.Marshal(out)
}

// atom is the feed of entries on a day. Its id stands for its address, its date is
// that of the last change that it shows.
func (s *Server) atom(sel *selection, name string, pieces []*piece, day time.Time) ([]byte, error) {
	self, home := s.addresses(sel)
	links := []atomLink{{"alternate", "text/html", home}}
	if self != "" {
		links = append(links, atomLink{"self", "application/atom+xml", self})
	}
	head, err := xml.Marshal(atomFeed{
		Language: sel.language, ID: "urn:uuid:" + uuid.NewSHA1(uuid.NameSpaceURL, []byte(s.Site+sel.path(s.Language))).String(), Title: name,
		Updated: newest(pieces, day).UTC().Format(time.RFC3339), Authors: []atomPerson{{s.house()}}, Links: links,
	})
	if err != nil {
		return nil, err
	}
	const end = "</feed>"
	return whole(xml.Header+strings.TrimSuffix(string(head), end)+"\n", "\n", "\n"+end+"\n", pieces), nil
}
