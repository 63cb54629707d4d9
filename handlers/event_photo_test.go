package handlers

import (
	"bytes"
	"image"
	"image/png"
	"mime/multipart"
	"regexp"
	"strings"
	"testing"

	"samling/handlers/photo"
	"samling/models"
)

// photoForm is a form with a file, as a browser sends it.
func photoForm(t *testing.T, file []byte, fields ...string) (body, media string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part := must(w.CreateFormFile("photo", "gård.png"))
	must(part.Write(file))
	for i := 0; i < len(fields); i += 2 {
		must(0, w.WriteField(fields[i], fields[i+1]))
	}
	must(0, w.Close())
	return b.String(), w.FormDataContentType()
}

func drawnPNG(t *testing.T, w, h int) []byte {
	t.Helper()
	var b bytes.Buffer
	must(0, png.Encode(&b, image.NewRGBA(image.Rect(0, 0, w, h))))
	return b.Bytes()
}

// An organiser gives an event a picture, sees it on the page that all see, writes
// anew what is on it, puts another in its place, and takes it away.
func TestPhoto_Life(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	e := b.event(c.published(townHall))
	desk, public := "/organise/events/"+e.ID+"/photo", "/events/"+e.Slug
	send := func(file []byte, fields ...string) answer {
		body, media := photoForm(t, file, fields...)
		return c.ask("POST", desk, body, "Content-Type", media, "Cookie", "__Host-samling="+b.cookie)
	}
	address := regexp.MustCompile(`/photos/[A-Z0-9]+/small\.jpg`)

	b.get(desk).want(t, 200).contains(t, `enctype="multipart/form-data"`, `id="alt"`)
	send(drawnPNG(t, 2000, 1000), "alt", "Grannar på en gård").want(t, 303)
	page := c.ask("GET", public, "").want(t, 200).contains(t, `alt="Grannar på en gård"`, `width="1600" height="800"`, "small.jpg 800w", "large.jpg 1600w")
	first := address.FindString(page.body)
	b.get(strings.TrimSuffix(desk, "photo")+"history").want(t, 200).contains(t, "<ins>en ny bild</ins>", "Grannar på en gård").lacks(t, "<ins>800<", "<ins>1600<", "den förra bilden")
	file := c.ask("GET", first, "").want(t, 200)
	if file.Header.Get("Content-Type") != "image/jpeg" || !strings.Contains(file.Header.Get("Cache-Control"), "immutable") || !strings.HasPrefix(file.body, "\xff\xd8") {
		t.Errorf("it is sent as %v", file.Header)
	}
	c.ask("GET", first, "", "If-None-Match", file.Header.Get("ETag")).want(t, 304)
	c.ask("GET", strings.Replace(first, "small", "huge", 1), "").want(t, 404)

	send(nil, "alt", "Grannar vid ett långbord").want(t, 303)
	c.ask("GET", public, "").want(t, 200).contains(t, `alt="Grannar vid ett långbord"`, first)

	send(drawnPNG(t, 300, 900), "alt", "En lykta").want(t, 303)
	second := address.FindString(c.ask("GET", public, "").want(t, 200).contains(t, `width="300" height="900"`, "small.jpg 266w").body)
	if second == first {
		t.Error("another picture has the address of the first, which browsers keep for ever")
	}
	c.ask("GET", first, "").want(t, 404)
	c.ask("GET", second, "").want(t, 200)
	send(nil, "do", "remove").want(t, 303)
	c.ask("GET", second, "").want(t, 404)
	send(nil, "do", "remove").want(t, 303) // pressed twice
	c.ask("GET", public, "").want(t, 200).lacks(t, "/photos/")
	for p, err := range c.Planner.Store.Photos.List(c.ctx, models.Query{}) {
		t.Errorf("%s is kept for nobody: %v", p.ID, err)
	}
}

// Both faults are said at once, and what was written is not lost.
func TestPhoto_Refused(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	desk := "/organise/events/" + b.event(c.published(townHall)).ID + "/photo"
	for name, tc := range map[string]struct {
		file     []byte
		alt      string
		contains []string
	}{
		"nothing":          {nil, "", []string{`href="#photo"`, `href="#alt"`, "Fyll i det här."}},
		"no picture":       {[]byte("Hej"), "En gård", []string{`id="photo-fault"`, "går inte att läsa som en bild", `value="En gård"`}},
		"nothing about it": {drawnPNG(t, 10, 10), "", []string{`id="alt-fault"`}},
		"too large":        {make([]byte, photo.MaxBytes+1), "En gård", []string{"för stor", "10 MB"}},
	} {
		t.Run(name, func(t *testing.T) {
			body, media := photoForm(t, tc.file, "alt", tc.alt)
			c.ask("POST", desk, body, "Content-Type", media, "Cookie", "__Host-samling="+b.cookie).want(t, 422).contains(t, append(tc.contains, "autofocus")...)
		})
	}
	c.ask("POST", desk, "--x\r\nno end", "Content-Type", "multipart/form-data; boundary=x", "Cookie", "__Host-samling="+b.cookie).want(t, 400)
	for p := range c.Planner.Store.Photos.List(c.ctx, models.Query{}) {
		t.Errorf("%s was kept", p.ID)
	}
}
