package models

import "time"

// MaxAlt is the longest description of a photo, in characters.
const MaxAlt = 300

// Photo is a picture of an event, as pages show it. The id cannot be guessed: that
// there is one says as much as its event.
type Photo struct {
	Document
	At time.Time `json:"at"`
	// Small and Large are JPEG.
	Small []byte `json:"small"`
	Large []byte `json:"large"`
}

// Pictured is what an event says of its photo. The zero value: it has none.
type Pictured struct {
	Photo string `json:"photo"` // id
	// Alt says what is on it to those who do not see it.
	Alt string `json:"alt"`
	// Width and Height are those of the large one, in pixels.
	Width  int `json:"width"`
	Height int `json:"height"`
}

// Validate returns the wrong fields.
func (p Pictured) Validate() error {
	var f Faults
	if p.Photo == "" {
		f.Add("photo", "required")
	}
	CheckLine(&f, "alt", p.Alt, true, MaxAlt)
	return f.Err()
}
