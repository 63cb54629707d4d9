package handlers

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"
)

// jsonFeed is a JSON Feed 1.1 (jsonfeed.org) but for its items, which come last.
type jsonFeed struct {
	Version  string       `json:"version"`
	Title    string       `json:"title"`
	Language string       `json:"language"`
	Home     string       `json:"home_page_url"`
	URL      string       `json:"feed_url,omitempty"`
	Authors  []jsonAuthor `json:"authors"`
	Items    []jsonItem   `json:"items"`
}

type jsonAuthor struct {
	Name string `json:"name"`
}

type jsonItem struct {
	ID       string       `json:"id"`
	URL      string       `json:"url"`
	Title    string       `json:"title"`
	Summary  string       `json:"summary,omitempty"`
	Content  string       `json:"content_html"`
	Modified string       `json:"date_modified"`
	Authors  []jsonAuthor `json:"authors"`
	Tags     []string     `json:"tags"`
}

func (e *entry) json() ([]byte, error) {
	out := jsonItem{
		ID: e.id, URL: e.page, Title: e.title, Summary: e.summary, Content: e.content,
		Modified: e.changed.UTC().Format(time.RFC3339), Tags: append([]string{e.kindName}, e.groups...),
	}
	for _, name := range e.hosts {
		out.Authors = append(out.Authors, jsonAuthor{name})
	}
	return plainJSON(out)
}

// jsonFeed is the feed of items.
func (s *Server) jsonFeed(sel *selection, name string, pieces []*piece) ([]byte, error) {
	self, home := s.addresses(sel)
	head, err := plainJSON(jsonFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: name, Language: sel.language,
		Home: home, URL: self, Authors: []jsonAuthor{{s.house()}}, Items: []jsonItem{},
	})
	if err != nil {
		return nil, err
	}
	const end = "]}"
	return whole(strings.TrimSuffix(string(head), end)+"\n", ",\n", "\n"+end+"\n", pieces), nil
}

// plainJSON is JSON that leaves HTML legible: nobody puts it into a page.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSpace(b.Bytes()), err
}
