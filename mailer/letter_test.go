package mailer

import (
	"bytes"
	"encoding/base64"
	"flag"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"samling/ics"
	"samling/locale"
	"samling/models"
)

var update = flag.Bool("update", false, "write the golden files anew")

func house(t testing.TB) *House {
	t.Helper()
	c, err := locale.Load("sv")
	if err != nil {
		t.Fatal(err)
	}
	return &House{
		Site: "https://samling.example", From: "post@samling.example", Name: "Samling Malmö", Central: "kansliet",
		Language: "sv", Catalogue: c, Calendar: ics.NewEncoder(c, "https://samling.example"),
		Token: func(purpose, id string) string { return purpose + "-" + id },
		Code:  func(string, string) string { return "482913" },
		Tag:   func(purpose, id string) string { return purpose + "-" + id },
	}
}

var born = time.Date(2026, 2, 20, 9, 30, 0, 0, time.UTC)

// letter is a mail of a kind about an ordinary evening.
func letter(t testing.TB, kind models.MailKind) Letter {
	t.Helper()
	starts := time.Date(2026, 3, 4, 17, 0, 0, 0, time.UTC)
	is := models.Facts{
		Sequence: 3, Status: models.Published, Needed: true, Capacity: 40, LargestParty: 4,
		Starts: starts, Ends: starts.Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
		Place: "Folkets hus, Exempelgatan 1", OnlineURL: "https://mote.example/rum",
	}
	m := models.Mail{
		Document: models.Document{ID: "0198c0de-0000-7000-8000-00000000000a"},
		Kind:     kind, Event: "0198c0de-0000-7000-8000-0000000000ee", RSVP: "0198c0de-0000-7000-8000-0000000000aa",
		Born: born, State: models.Going, Party: 2, Is: is, Sequence: 5,
		About: models.About{
			Slug: "bostader-for-alla", Titles: map[string]string{"": "Bostäder för alla", "en": "Homes for everybody"},
			Hosts: []string{"Östra föreningen", "Bostadsgruppen"}, Place: models.Place{Name: "Folkets hus", Address: "Exempelgatan 1"},
			Summary: "Ett samtal om hyror.", Contact: models.Contact{Name: "Föreningens kontakt", Phone: "040-00 00 00"},
			ReplyTo: "ostra@forening.example",
		},
	}
	switch kind {
	case models.MailConfirm:
		m.State, m.Until = models.Held, born.Add(24*time.Hour)
	case models.MailWaiting:
		m.State, m.Line = models.Waiting, 3
	case models.MailOffer:
		m.State, m.Until = models.Offered, born.Add(6*time.Hour)
	case models.MailChanged:
		m.Was = is
		m.Is.Starts, m.Is.Ends = is.Starts.Add(24*time.Hour), is.Ends.Add(24*time.Hour)
		m.Is.Place = "Biblioteket, Provvägen 2"
		m.About.Reason = "Lokalen har fått en vattenskada.\nVi ses hos grannarna."
	case models.MailPostponed:
		m.Is.Status, m.About.Reason = models.Postponed, "Talaren är sjuk."
	case models.MailCancelled:
		m.Is.Status, m.About.Reason = models.Cancelled, "För få har anmält sig."
	case models.MailRegret:
		m.State, m.Told = models.Left, models.Going
	case models.MailReminder:
		m.Born = time.Date(2026, 3, 3, 10, 0, 0, 0, time.UTC)
	case models.MailPlace:
		m.Is.Protected, m.Born = true, starts.Add(-24*time.Hour)
		m.Is.PlaceFrom = m.Born
	case models.MailNoPlace:
		m.State, m.Born = models.Waiting, starts.Add(-2*time.Hour)
	case models.MailAsked:
		m.Asked = 2
	case models.MailMine:
		m.State, m.Party, m.Is, m.About = 0, 0, models.Facts{}, models.About{}
		return Letter{House: house(t), Mail: m, To: "boende@post.example", Living: living(is)}
	case models.MailTogether:
		m.State, m.Party, m.Is, m.About = 0, 0, models.Facts{}, models.About{Reason: "Vaktmästaren är bortrest."}
		return Letter{House: house(t), Mail: m, To: "boende@post.example", Living: planned(is)}
	case models.MailSignIn:
		m.Event, m.RSVP, m.State, m.Party, m.Is, m.About = "", "", 0, 0, models.Facts{}, models.About{}
		m.SignIn, m.Until = "0198c0de-0000-7000-8000-0000000000cc", born.Add(time.Hour)
	}
	return Letter{House: house(t), Mail: m, To: "boende@post.example"}
}

// living are sign-ups of one address that stand in every way.
func living(is models.Facts) (all []models.Living) {
	until := born.Add(24 * time.Hour)
	for i, s := range []struct {
		title  string
		status models.Status
		entry  models.Entry
	}{
		{"Bostäder för alla", models.Published, models.Entry{State: models.Going}},
		{"Gårdsfest på Östra gården", models.Published, models.Entry{State: models.Held, Until: until}},
		{"Rådslag om skolan", models.Published, models.Entry{State: models.Waiting}},
		{"Första maj", models.Published, models.Entry{State: models.Offered, Until: until}},
		{"Vårens möte", models.Cancelled, models.Entry{State: models.Going}},
		{"Höstens möte", models.Postponed, models.Entry{State: models.Going}},
	} {
		f := is
		f.Status, f.Starts, f.Ends = s.status, is.Starts.AddDate(0, 0, i), is.Ends.AddDate(0, 0, i)
		all = append(all, models.Living{
			RSVP: id(0xaa, i), Is: f, Entry: s.entry, Line: 3,
			About: models.About{Titles: map[string]string{"": s.title}},
		})
	}
	return all
}

// planned are sign-ups of one address at events that a plan has changed in every
// way.
func planned(was models.Facts) (all []models.Living) {
	for i, s := range []struct {
		title  string
		change func(*models.Facts)
		state  models.State
	}{
		{"Språkkafé 1", func(f *models.Facts) { f.Starts, f.Ends = f.Starts.Add(time.Hour), f.Ends.Add(time.Hour) }, models.Going},
		{"Språkkafé 2", func(f *models.Facts) { f.Place = "Biblioteket, Provvägen 2" }, models.Going},
		{"Språkkafé 3", func(f *models.Facts) {
			f.Starts, f.Ends, f.Place = f.Starts.Add(time.Hour), f.Ends.Add(time.Hour), "Biblioteket, Provvägen 2"
		}, models.Waiting},
		{"Språkkafé 4", func(f *models.Facts) { f.Status = models.Cancelled }, models.Going},
		{"Språkkafé 5", func(f *models.Facts) { f.Status = models.Postponed }, models.Going},
		{"Språkkafé 6", func(f *models.Facts) { f.OnlineURL = "https://mote.example/annat" }, models.Waiting},
	} {
		before := was
		before.Starts, before.Ends = was.Starts.AddDate(0, 0, 7*i), was.Ends.AddDate(0, 0, 7*i)
		is := before
		is.Sequence++
		s.change(&is)
		all = append(all, models.Living{
			RSVP: id(0xaa, i), Event: id(0xee, i), Is: is, Was: before, Entry: models.Entry{State: s.state, Party: 1, Mails: 1}, Line: 3,
			About: models.About{Slug: fmt.Sprintf("sprakkafe-%d", i+1), Titles: map[string]string{"": s.title}, Hosts: []string{"Östra föreningen"}},
		})
	}
	return all
}

func kinds() []models.MailKind {
	return []models.MailKind{
		models.MailConfirm, models.MailGoing, models.MailWaiting, models.MailPromoted, models.MailOffer, models.MailParty,
		models.MailChanged, models.MailPostponed, models.MailCancelled, models.MailRegret, models.MailReminder, models.MailPlace, models.MailNoPlace,
		models.MailAsked, models.MailMine, models.MailTogether, models.MailSignIn,
	}
}

func compose(t testing.TB, l Letter) Message {
	t.Helper()
	m, err := Compose(l)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestCompose_Golden(t *testing.T) {
	for _, kind := range kinds() {
		for _, language := range []string{"sv", "en", "ar"} {
			t.Run(string(kind)+"/"+language, func(t *testing.T) {
				l := letter(t, kind)
				l.Language = language
				golden(t, string(kind)+"."+language+".eml", compose(t, l).Bytes)
			})
		}
	}
	t.Run("the same day", func(t *testing.T) {
		l := letter(t, models.MailReminder)
		l.Mail.Born = l.Mail.Born.Add(21 * time.Hour)
		golden(t, "reminder-today.sv.eml", compose(t, l).Bytes)
	})
	for _, language := range []string{"sv", "en"} {
		t.Run("what would be too many/"+language, func(t *testing.T) {
			l := letter(t, models.MailMine)
			l.Language, l.Mail.Gathers = language, true
			golden(t, "gathered."+language+".eml", compose(t, l).Bytes)
			last := letter(t, models.MailGoing)
			last.Language, last.Last = language, true
			golden(t, "last."+language+".eml", compose(t, last).Bytes)
		})
	}
	t.Run("nothing to list", func(t *testing.T) {
		l := letter(t, models.MailMine)
		l.Living = nil
		golden(t, "mine-none.sv.eml", compose(t, l).Bytes)
	})
	t.Run("hostile", func(t *testing.T) {
		golden(t, "hostile.sv.eml", compose(t, hostile(t)).Bytes)
	})
}

// hostile is a letter about an event whose words try to break out.
func hostile(t testing.TB) Letter {
	l := letter(t, models.MailGoing)
	l.Mail.About.Titles = map[string]string{"": "Fest\r\nBcc: offer@example.org\r\n\r\n<script>alert(1)</script> 🎉 åäö, \"citat\" (och) {{.}} " + strings.Repeat("långt ", 40)}
	l.Mail.About.Hosts = []string{"Öberg, Nils \"Nisse\" <nils@example.org>\r\nX-Evil: 1", "=?utf-8?q?ond?="}
	l.Mail.About.ReplyTo = "ostra@forening.example"
	l.Mail.About.Contact.Name = "\x00\x01Anna\r\n.\r\n"
	l.Mail.About.Place = models.Place{Name: "Rum\u202e 1\r\nATTENDEE:mailto:ond@example.org"}
	l.Mail.Is.Place = "Rum\u202e 1\r\nATTENDEE:mailto:ond@example.org"
	l.Mail.Is.OnlineURL = "javascript:alert(1)"
	l.Name = "Åsa\r\nCc: ond@example.org"
	return l
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("differs from %s; run with -update and read the difference. Got:\n%s", path, got)
	}
}

// part is one leaf of a message.
type part struct {
	depth     string // content types on the way down
	mediaType string
	params    map[string]string
	file      string
	content   []byte
}

// leaves walks a message with the standard library alone.
func leaves(t testing.TB, raw []byte) (mail.Header, []part) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	var out []part
	walk(t, "", m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), "", m.Body, &out)
	return m.Header, out
}

func walk(t testing.TB, depth, contentType, encoding, disposition string, body io.Reader, out *[]part) {
	t.Helper()
	mediaType, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		t.Fatalf("%q: %v", contentType, err)
	}
	if strings.HasPrefix(mediaType, "multipart/") {
		mr := multipart.NewReader(body, params["boundary"])
		for {
			p, err := mr.NextRawPart()
			if err == io.EOF {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			walk(t, depth+"/"+strings.TrimPrefix(mediaType, "multipart/"), p.Header.Get("Content-Type"),
				p.Header.Get("Content-Transfer-Encoding"), p.Header.Get("Content-Disposition"), p, out)
		}
	}
	switch encoding {
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	case "base64":
		body = base64.NewDecoder(base64.StdEncoding, body)
	default:
		t.Errorf("%s has the encoding %q", mediaType, encoding)
	}
	content, err := io.ReadAll(body)
	if err != nil {
		t.Fatal(err)
	}
	_, d, _ := mime.ParseMediaType(disposition)
	*out = append(*out, part{depth, mediaType, params, d["filename"], content})
}

func TestCompose_Shape(t *testing.T) {
	for _, kind := range kinds() {
		t.Run(string(kind), func(t *testing.T) {
			l := letter(t, kind)
			_, got := leaves(t, compose(t, l).Bytes)
			want := []string{"/alternative text/plain", "/alternative text/html"}
			object, method := l.calendar()
			if kind == models.MailTogether {
				want = []string{"/mixed/alternative text/plain", "/mixed/alternative text/html", "/mixed application/ics", "/mixed application/ics", "/mixed application/ics", "/mixed application/ics"}
			}
			if l.Mail.Invites() {
				want = []string{"/mixed/alternative text/plain", "/mixed/alternative text/html", "/mixed/alternative text/calendar", "/mixed application/ics"}
			}
			var have []string
			for _, p := range got {
				have = append(have, p.depth+" "+p.mediaType)
			}
			if strings.Join(have, "\n") != strings.Join(want, "\n") {
				t.Fatalf("parts:\n%s\nwant:\n%s", strings.Join(have, "\n"), strings.Join(want, "\n"))
			}
			if !l.Mail.Invites() {
				return
			}
			calendar, file := got[2], got[3]
			if !bytes.Equal(calendar.content, object) || !bytes.Equal(file.content, object) {
				t.Error("the calendar object did not come through byte for byte")
			}
			wantMethod := "REQUEST"
			if kind == models.MailCancelled || kind == models.MailRegret {
				wantMethod = "CANCEL"
			}
			if method != wantMethod || calendar.params["method"] != wantMethod || !bytes.Contains(object, []byte("\r\nMETHOD:"+wantMethod+"\r\n")) {
				t.Errorf("method %q in the header, object\n%s\nwant %s", calendar.params["method"], object, wantMethod)
			}
			if calendar.file != "" || file.file != "invite.ics" {
				t.Errorf("file names %q and %q", calendar.file, file.file)
			}
		})
	}
}

// What a server or a reader could stumble over is in no letter.
func TestCompose_Bytes(t *testing.T) {
	letters := []Letter{hostile(t)}
	for _, kind := range kinds() {
		letters = append(letters, letter(t, kind))
	}
	for _, l := range letters {
		raw := compose(t, l).Bytes
		for i, line := range bytes.Split(raw, []byte("\r\n")) {
			// An address cannot be folded; RFC 5322 §2.1.1 bears 998 bytes.
			if address := bytes.HasPrefix(line, []byte("List-Unsubscribe: <")); len(line) > longestLine+2 && !(address && len(line) < 200) {
				t.Errorf("%s: line %d has %d bytes: %s", l.Mail.Kind, i+1, len(line), line)
			}
			if bytes.ContainsAny(line, "\r\n\x00") {
				t.Errorf("%s: line %d has a bare line break or a NUL: %q", l.Mail.Kind, i+1, line)
			}
			for _, b := range line {
				if b >= 0x80 {
					t.Errorf("%s: line %d is not ASCII: %q", l.Mail.Kind, i+1, line)
					break
				}
			}
		}
		if again := compose(t, l).Bytes; !bytes.Equal(again, raw) {
			t.Errorf("%s: another time other bytes", l.Mail.Kind)
		}
	}
}

func TestCompose_HostileWordsStayWords(t *testing.T) {
	header, parts := leaves(t, compose(t, hostile(t)).Bytes)
	for _, name := range []string{"Bcc", "Cc", "X-Evil"} {
		if header.Get(name) != "" {
			t.Errorf("there is a header %s", name)
		}
	}
	if len(header) != 12 {
		t.Errorf("%d header fields, want 12: %v", len(header), header)
	}
	from, err := header.AddressList("From")
	if err != nil || len(from) != 1 || from[0].Address != "post@samling.example" {
		t.Fatalf("From: %v, %v", from, err)
	}
	if want := `Öberg, Nils "Nisse" <nils@example.org> X-Evil: 1`; from[0].Name != want {
		t.Errorf("From is named %q, want %q", from[0].Name, want)
	}
	html := string(parts[1].content)
	if strings.Contains(html, "<script") || strings.Contains(html, `href="javascript:`) {
		t.Errorf("the HTML runs:\n%s", html)
	}
	if bytes.Contains(parts[2].content, []byte("\nATTENDEE:mailto:ond")) || bytes.Count(parts[2].content, []byte("\nATTENDEE")) != 1 {
		t.Errorf("the calendar object has another attendee:\n%s", parts[2].content)
	}
}

func TestCompose_NamesRoundTrip(t *testing.T) {
	for _, name := range []string{
		"Östra föreningen", "Öberg, Nils", "Berg, Nils", `Nisse "Nils" Berg`, "Föreningen (öster)", "Plain name",
		"🎉 Fest & Co", strings.Repeat("lång ", 30) + "slut", "=?utf-8?q?x?=", "a.b@c", "Rock\\roll",
	} {
		l := letter(t, models.MailGoing)
		l.Mail.About.Hosts = []string{name}
		header, _ := leaves(t, compose(t, l).Bytes)
		for field, address := range map[string]string{"From": "post@samling.example", "Reply-To": "ostra@forening.example"} {
			got, err := header.AddressList(field)
			if err != nil || len(got) != 1 || got[0].Name != name || got[0].Address != address {
				t.Errorf("%s of %q reads as %v, %v", field, name, got, err)
			}
		}
	}
}

func TestCompose_Header(t *testing.T) {
	l := letter(t, models.MailGoing)
	header, _ := leaves(t, compose(t, l).Bytes)
	for name, want := range map[string]string{
		"Message-ID":       "<message-0198c0de-0000-7000-8000-00000000000a@samling.example>",
		"Auto-Submitted":   "auto-generated",
		"Date":             "Fri, 20 Feb 2026 09:30:00 +0000",
		"To":               "boende@post.example",
		"Content-Language": "sv",
	} {
		if got := header.Get(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(header.Get("Subject"))
	if want := "Du är anmäld: Bostäder för alla, onsdag 4 mars"; err != nil || subject != want {
		t.Errorf("Subject: %q, want %q (%v)", subject, want, err)
	}
	if header.Get("List-Unsubscribe") != "" {
		t.Error("what somebody asked for can be unsubscribed from")
	}
	reminder, _ := leaves(t, compose(t, letter(t, models.MailReminder)).Bytes)
	if got, want := reminder.Get("List-Unsubscribe"), "<https://samling.example/rsvp/manage-0198c0de-0000-7000-8000-0000000000aa/quiet>"; got != want || reminder.Get("List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
		t.Errorf("a reminder is unsubscribed from at %s", got)
	}
	later := letter(t, models.MailChanged)
	later.Mail.ID = "0198c0de-0000-7000-8000-00000000000b"
	other, _ := leaves(t, compose(t, later).Bytes)
	if header.Get("References") == "" || header.Get("References") != other.Get("References") || header.Get("In-Reply-To") != header.Get("References") {
		t.Error("two mails about one sign-up are not one thread")
	}
	if other.Get("Message-ID") == header.Get("Message-ID") {
		t.Error("two mails have one Message-ID")
	}
	stranger := letter(t, models.MailGoing)
	stranger.Mail.RSVP = "0198c0de-0000-7000-8000-0000000000bb"
	if h, _ := leaves(t, compose(t, stranger).Bytes); h.Get("References") == header.Get("References") {
		t.Error("two people share a thread")
	}
}

var tag = regexp.MustCompile(`<[^>]*>`)

// The text holds every word and every address of the HTML.
func TestCompose_TextSaysWhatHTMLSays(t *testing.T) {
	for _, kind := range kinds() {
		for _, language := range []string{"sv", "en", "ar"} {
			l := letter(t, kind)
			l.Language = language
			m := compose(t, l)
			_, parts := leaves(t, m.Bytes)
			text, html := string(parts[0].content), string(parts[1].content)
			_, seen, _ := strings.Cut(html, "<body>")
			for line := range strings.Lines(tag.ReplaceAllString(seen, "\n")) {
				line = strings.TrimSpace(strings.NewReplacer("&#39;", "'", "&#34;", `"`, "&#43;", "+", "&amp;", "&").Replace(line))
				if !strings.Contains(text, line) {
					t.Errorf("%s/%s: %q is in the HTML alone", kind, language, line)
				}
			}
			for _, href := range regexp.MustCompile(`href="([^"]*)"`).FindAllStringSubmatch(html, -1) {
				if !strings.Contains(text, strings.ReplaceAll(href[1], "&amp;", "&")) {
					t.Errorf("%s/%s: the link %s is in the HTML alone", kind, language, href[1])
				}
			}
			for _, want := range []string{`<html lang="` + language + `" dir="` + locale.Direction(language) + `">`, "<title>", "<h1", "</html>"} {
				if !strings.Contains(html, want) {
					t.Errorf("%s/%s: no %s", kind, language, want)
				}
			}
			if strings.Contains(html, "<img") || strings.Contains(html, "color:") || strings.Contains(html, "mail.") && strings.Contains(html, ">mail.") {
				t.Errorf("%s/%s: images, colours or a bare key in\n%s", kind, language, html)
			}
			if strings.Contains(text+m.Subject, "mail.") || strings.Contains(text+m.Subject, "<no value>") || strings.Contains(text, "\r\n\r\n\r\n") {
				t.Errorf("%s/%s: a bare key, an unfilled gap or a hole in\n%s\n%s", kind, language, m.Subject, text)
			}
		}
	}
}

// A mail never says that fewer people read the list than do.
func TestCompose_CentralWithoutName(t *testing.T) {
	l := letter(t, models.MailGoing)
	l.House.Central = ""
	_, parts := leaves(t, compose(t, l).Bytes)
	if text := string(parts[0].content); !strings.Contains(text, "Bara Östra föreningen, Bostadsgruppen och kansliet kan se") {
		t.Error(text)
	}
}

// In Arabic, whatever is written the other way holds together, in text and HTML
// alike; not in the subject, which is no place for marks that nobody sees, and not
// around addresses, which programs would take the marks for a part of.
func TestCompose_RightToLeft(t *testing.T) {
	l := letter(t, models.MailGoing)
	l.Language = "ar"
	l.Mail.About.Contact = models.Contact{Phone: "040-00 00 00"}
	m := compose(t, l)
	if want := "تم تسجيلك: Bostäder för alla، الأربعاء 4 مارس"; m.Subject != want {
		t.Errorf("subject %q, want %q", m.Subject, want)
	}
	_, parts := leaves(t, m.Bytes)
	for i, part := range parts[:2] {
		said := string(part.content)
		for _, want := range []string{
			"\u2068Folkets hus, Exempelgatan 1\u2069", "\u2068040-00 00 00\u2069", "\u2068Östra föreningen\u2069 و\u2068Bostadsgruppen\u2069",
			"الأربعاء 4 مارس، من الساعة 18:00 إلى 20:00",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("part %d has no %q:\n%s", i, want, said)
			}
		}
		if strings.Contains(said, "\u2068https:") {
			t.Errorf("part %d has marks around an address:\n%s", i, said)
		}
	}
	if html := string(parts[1].content); !strings.Contains(html, `<div lang="ar" dir="rtl"`) {
		t.Errorf("where the frame of the document is taken away, nothing says the direction:\n%s", html)
	}
}

func TestCompose_Links(t *testing.T) {
	l := letter(t, models.MailGoing)
	l.House.Token = func(purpose, id string) string { return "T" + purpose + id[len(id)-2:] }
	for language, want := range map[string]string{
		"sv": "https://samling.example/rsvp/Tmanageaa", "en": "https://samling.example/en/rsvp/Tmanageaa",
		"": "https://samling.example/rsvp/Tmanageaa", "ar": "https://samling.example/ar/rsvp/Tmanageaa", "fi": "https://samling.example/rsvp/Tmanageaa",
	} {
		l.Language = language
		_, parts := leaves(t, compose(t, l).Bytes)
		for _, link := range []string{want, want + "?was=not-me#not-me"} {
			if got := strings.Count(string(parts[0].content), link+"\r\n"); got != 1 {
				t.Errorf("%q: %s stands there %d times:\n%s", language, link, got, parts[0].content)
			}
		}
	}
	l = letter(t, models.MailSignIn)
	m := compose(t, l)
	_, parts := leaves(t, m.Bytes)
	for _, want := range []string{"https://samling.example/sign-in?token=sign-in-0198c0de-0000-7000-8000-0000000000cc", "482 913"} {
		if !strings.Contains(string(parts[0].content), want) {
			t.Errorf("no %s in\n%s", want, parts[0].content)
		}
	}
	if m.Subject != "Din inloggningskod: 482 913" {
		t.Errorf("subject %q", m.Subject)
	}
}

func TestCompose_OldAndNewSideBySide(t *testing.T) {
	_, parts := leaves(t, compose(t, letter(t, models.MailChanged)).Bytes)
	want := "Ny tid: torsdag 5 mars kl. 18.00–20.00\r\nFörut: onsdag 4 mars kl. 18.00–20.00\r\n" +
		"Ny plats: Biblioteket, Provvägen 2\r\nFörut: Folkets hus, Exempelgatan 1\r\n"
	if !strings.Contains(string(parts[0].content), want) {
		t.Errorf("the text lacks\n%s\nin\n%s", want, parts[0].content)
	}
}

func TestCompose_Changed(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*models.Facts)
		want   string
	}{
		"time":            {func(f *models.Facts) { f.Starts = f.Starts.Add(time.Hour) }, "Ny tid: "},
		"place":           {func(f *models.Facts) { f.Place = "Annat rum" }, "Ny plats: "},
		"both":            {func(f *models.Facts) { f.Place, f.Ends = "Annat rum", f.Ends.Add(time.Hour) }, "Ny tid och plats: "},
		"link":            {func(f *models.Facts) { f.OnlineURL = "" }, "Ny länk: "},
		"it is on again":  {func(*models.Facts) {}, "Det blir av: "},
		"a day, no hours": {func(f *models.Facts) { f.DateOnly = true }, "Ny tid: "},
	} {
		t.Run(name, func(t *testing.T) {
			l := letter(t, models.MailChanged)
			l.Mail.Is = l.Mail.Was
			tt.change(&l.Mail.Is)
			if got := compose(t, l).Subject; !strings.HasPrefix(got, tt.want) {
				t.Errorf("subject %q, want it to begin with %q", got, tt.want)
			}
		})
	}
}

func TestCompose_Refuses(t *testing.T) {
	for name, change := range map[string]func(*Letter){
		"line break in the address": func(l *Letter) { l.To = "a@b.example\r\nRCPT TO:<c@d.example>" },
		"two addresses":             func(l *Letter) { l.To = "a@b.example, c@d.example" },
		"a name in the address":     func(l *Letter) { l.To = "A <a@b.example>" },
		"no address":                func(l *Letter) { l.To = "" },
		"bad sender":                func(l *Letter) { l.House.From = "post@samling.example\nx" },
		"unknown kind":              func(l *Letter) { l.Mail.Kind = "greeting" },
		"silent kind":               func(l *Letter) { l.Mail.Kind = models.MailSilent },
	} {
		t.Run(name, func(t *testing.T) {
			l := letter(t, models.MailGoing)
			change(&l)
			if m, err := Compose(l); err == nil {
				t.Errorf("composed\n%s", m.Bytes)
			} else if strings.Contains(err.Error(), "@") {
				t.Errorf("the error shows an address: %v", err)
			}
		})
	}
}

// A host's address that is none must not keep the mail from its reader.
func TestCompose_BadReplyToIsLeftOut(t *testing.T) {
	l := letter(t, models.MailGoing)
	l.Mail.About.ReplyTo = "ostra@forening.example\r\nBcc: x@y.example"
	header, _ := leaves(t, compose(t, l).Bytes)
	if header.Get("Reply-To") != "" || header.Get("Bcc") != "" {
		t.Errorf("header %v", header)
	}
}

func FuzzHeaders(f *testing.F) {
	f.Add("Östra, \"föreningen\"", "Du är anmäld: …")
	f.Add("a\r\nb: c", strings.Repeat("ö", 300))
	f.Add(strings.Repeat("x", 2000), "=?utf-8?q?=0d=0a?=")
	f.Fuzz(func(t *testing.T, name, subject string) {
		var b headers
		b.address("From", name, "post@samling.example")
		b.text("Subject", subject)
		m, err := mail.ReadMessage(bytes.NewReader(append(b, "\r\n"...)))
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		if len(m.Header) != 2 {
			t.Errorf("%d fields in\n%s", len(m.Header), b)
		}
		from, err := m.Header.AddressList("From")
		if err != nil || len(from) != 1 || from[0].Address != "post@samling.example" || from[0].Name != oneLine(name) {
			t.Errorf("From %q reads as %v, %v:\n%s", name, from, err, b)
		}
		for line := range strings.SplitSeq(string(b), "\r\n") {
			if len(line) > 998 {
				t.Errorf("a line of %d bytes", len(line))
			}
		}
	})
}

func BenchmarkCompose(b *testing.B) {
	l := letter(b, models.MailGoing)
	for b.Loop() {
		if _, err := Compose(l); err != nil {
			b.Fatal(err)
		}
	}
}
