package main

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/emersion/go-smtp"
)

// resident is somebody who signs up, with words that stand nowhere else, long
// enough that no sealed bytes look like them by chance.
type resident struct {
	name, email, note string
	party             int
}

func residents() []resident {
	return []resident{
		{"Åsa Ödegård-Näslund", "asa.odegard.naslund@exempelposten.test", "Jag är svårt nötallergisk, Örjan bär mig in", 1},
		{"Bo Bertilsson von Provbacken", "bo.bertilsson.provbacken@exempelposten.test", "Kommer med rullstolen från förra veckan", 2},
		{"Cleo Ceder-Lindgrensson", "cleo.ceder.lindgrensson@exempelposten.test", "Behöver tolk till tigrinska hela kvällen", 1},
		{"Disa Drottningblomqvist", "disa.drottningblomqvist@exempelposten.test", "Vill gärna berätta om min sjukskrivning", 1},
	}
}

// told is all that people told us.
func told(people []resident) (all []string) {
	for _, p := range people {
		all = append(all, p.name, p.email, p.note)
	}
	return all
}

// forms are a word as files and lines may hold it.
func forms(word string) map[string][]byte {
	wide := utf16.Encode([]rune(word))
	little, big := make([]byte, 0, 2*len(wide)), make([]byte, 0, 2*len(wide))
	for _, c := range wide {
		little, big = append(little, byte(c), byte(c>>8)), append(big, byte(c>>8), byte(c))
	}
	var quoted bytes.Buffer
	w := quotedprintable.NewWriter(&quoted)
	_, _ = w.Write([]byte(word))
	_ = w.Close()
	all := map[string][]byte{
		"as it is": []byte(word), "in capitals": []byte(strings.ToUpper(word)), "in small letters": []byte(strings.ToLower(word)),
		"as UTF-16, little": little, "as UTF-16, big": big, "in hex": []byte(hex.EncodeToString([]byte(word))),
		"in a query": []byte(url.QueryEscape(word)), "in JSON's own escapes": []byte(strings.Trim(strconv.QuoteToASCII(word), `"`)), "quoted-printable": quoted.Bytes(),
	}
	// In base64 it looks another way behind one, two or three bytes.
	for before := range 3 {
		padded := append(make([]byte, before), word...)
		whole := padded[:len(padded)-len(padded)%3]
		for name, code := range map[string]*base64.Encoding{"base64": base64.StdEncoding, "base64 of addresses": base64.URLEncoding} {
			all[fmt.Sprintf("in %s, shifted by %d", name, before)] = []byte(code.EncodeToString(whole)[(8*before+5)/6:])
		}
	}
	return all
}

// The search itself finds what there is.
func TestForms_AreFound(t *testing.T) {
	word := residents()[0].note
	for before := range 6 {
		text := strings.Repeat("x", before) + word + " och mer"
		if !holds([]byte(base64.StdEncoding.EncodeToString([]byte(text))), word) || !holds([]byte(base64.URLEncoding.EncodeToString([]byte(text))), word) {
			t.Errorf("not in base64 behind %d bytes", before)
		}
	}
	for _, text := range []string{word, hex.EncodeToString([]byte("x" + word)), strconv.QuoteToASCII("x" + word), "q=" + url.QueryEscape(word)} {
		if !holds([]byte(text), word) {
			t.Errorf("not in %q", text)
		}
	}
	if holds([]byte("Jag är inte allergisk alls"), word) {
		t.Error("found where it is not")
	}
}

func holds(text []byte, word string) bool {
	for _, form := range forms(word) {
		if bytes.Contains(text, form) {
			return true
		}
	}
	return false
}

// nowhere looks for words in all that lies on the disk and in the log.
func (c *city) nowhere(t *testing.T, when string, s *server, words ...string) {
	t.Helper()
	files := map[string][]byte{"the log": []byte(s.log.String())}
	err := filepath.WalkDir(c.dir, func(path string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !strings.HasSuffix(path, ".csv") {
			files[path], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil || len(files) < 5 || len(files[filepath.Join(c.dir, "data/samling.db-wal")]) == 0 { // the log, the store, its WAL, the key, the copy
		t.Fatalf("%s: %d files, %v", when, len(files), err)
	}
	for name, text := range files {
		for _, word := range words {
			for how, form := range forms(word) {
				if bytes.Contains(text, form) {
					t.Errorf("%s: %s holds %q %s", when, name, word, how)
				}
			}
		}
	}
}

// signUpAs signs a resident up.
func (s *server) signUpAs(t *testing.T, event string, r resident) {
	t.Helper()
	s.api(t, http.StatusCreated, "POST", "/events/"+event+"/rsvps",
		fmt.Sprintf(`{"name":%q,"email":%q,"note":%q,"party":%d,"consent":true,"language":"sv"}`, r.name, r.email, r.note, r.party))
}

// desk is a coordinator's browser.
type desk struct {
	s      *server
	cookie string
}

func (s *server) desk(t *testing.T, c *city) desk {
	t.Helper()
	_, token, _ := strings.Cut(c.must(t, "sign-in", "kansliet@example.org"), "token=")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(s.address+"/sign-in", url.Values{"token": {token}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	for _, cookie := range answer.Cookies() {
		return desk{s, cookie.Name + "=" + cookie.Value}
	}
	t.Fatalf("signing in: %s", answer.Status)
	return desk{}
}

func (d desk) get(t *testing.T, path string) string {
	t.Helper()
	status, page := d.s.call(t, "GET", path, "", "", "Cookie", d.cookie)
	if status != http.StatusOK {
		t.Fatalf("%s: %d", path, status)
	}
	return string(page)
}

func (d desk) post(t *testing.T, path string, form url.Values) {
	t.Helper()
	status, page := d.s.call(t, "POST", path, "", form.Encode(), "Cookie", d.cookie, "Content-Type", "application/x-www-form-urlencoded")
	if status != http.StatusOK { // of the page that it leads to
		t.Fatalf("%s: %d %s", path, status, page)
	}
}

// doorOf lets a phone in at the door of an event, which is told by a name, and reads
// the list there.
func (d desk) doorOf(t *testing.T, event, phone string) string {
	t.Helper()
	at := "/organise/events/" + event + "/door"
	d.post(t, at, url.Values{"do": {"open"}})
	page := d.get(t, at)
	shown := regexp.MustCompile(`(?s)value="[^"]*(/door/[^"]+)".*class="four">(\d{4})<`).FindStringSubmatch(page)
	if shown == nil {
		t.Fatalf("no link and code:\n%s", page)
	}
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	answer, err := client.PostForm(d.s.address+shown[1], url.Values{"code": {shown[2]}, "name": {phone}})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	for _, cookie := range answer.Cookies() {
		return desk{d.s, cookie.Name + "=" + cookie.Value}.get(t, shown[1]+"/list")
	}
	t.Fatalf("opening the door: %s", answer.Status)
	return ""
}

// What somebody told us is sealed wherever it lies, is gone when she wants it to
// be, even from an older copy, and cannot be opened when its time is over.
func TestPrivacy_FilesErasureAndOldCopies(t *testing.T) {
	long(t)
	t.Parallel()
	c := newCity(t)
	token := c.founded(t)
	people := residents()
	asa, bo, cleo, disa := people[0], people[1], people[2], people[3]
	// The mail to the last does not go out, and its server repeats the address.
	c.post.refusing(func(to string) error {
		if to == disa.email {
			return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "later for " + to}
		}
		return nil
	})
	s := c.serve(t, token)
	event := s.event(t, townHall("Öppet hus", 3))
	for _, r := range people {
		s.signUpAs(t, event, r)
	}
	for _, r := range people[:3] {
		c.expect(t, r.email, 1)
	}
	s.list(t, event)
	s.desk(t, c).get(t, "/organise/events/"+event+"/attendance")
	// At another event an organiser adds somebody, and a phone at its door has the list.
	const phone = "Telefonen som Ebba Ekbergshage har"
	edit, second := resident{"Edit Enockssongren", "edit.enockssongren@exempelposten.test", "Sitter helst nära utgången med hunden", 1}, s.event(t, townHall("En kväll till", 0))
	office := s.desk(t, c)
	office.post(t, "/organise/events/"+second+"/rsvps", url.Values{"name": {edit.name}, "email": {edit.email}, "note": {edit.note}, "party": {"1"}, "consent": {"yes"}})
	if list := office.doorOf(t, second, phone); !strings.Contains(list, "Edit E.") {
		t.Errorf("the list at the door: %s", list)
	}
	backup := filepath.Join(c.dir, "copy.db")
	c.must(t, "backup", backup)
	c.nowhere(t, "while it runs", s, append(told(append(people, edit)), phone)...)

	if said := c.run(t, "erase", strings.ToUpper(asa.email)); said.code != done || !strings.Contains(said.err, "Raderade en anmälan.") || said.out != "" {
		t.Errorf("erasing: %+v", said)
	}
	if said := c.run(t, "erase", "ett"); said.code != failed || said.err == "" {
		t.Errorf("erasing what is no address: %+v", said)
	}
	c.expect(t, cleo.email, 2) // she gets the seat
	if got := s.list(t, event).Attendees; len(got) != 3 || got[0].Email != bo.email {
		t.Errorf("after erasing: %+v", got)
	}

	// Yesterday's copy takes the store's place. What was erased since is erased
	// again, and the copy's outbox waits for a coordinator.
	s.stop(t)
	c.post.refusing(nil)
	c.ahead = time.Hour // so that what was put off is due
	if said := c.run(t, "restore", backup); said.code != done || !strings.Contains(said.err, "Ett mejl") {
		t.Fatalf("restoring: %+v", said)
	}
	s = c.serve(t, token)
	eventually(t, 10*time.Second, func() (any, bool) {
		got := s.list(t, event).Attendees
		return got, len(got) == 3 && got[0].Email == bo.email
	})
	c.expect(t, cleo.email, 3) // the copy did not know that she was told
	if n := len(c.post.to(disa.email)); n != 0 {
		t.Errorf("a mail of the copy went out %d times", n)
	}
	office = s.desk(t, c)
	if page := office.get(t, "/organise/outbox?status=withheld"); !strings.Contains(page, "value=\"release\"") {
		t.Errorf("no mail is held:\n%s", page)
	}
	office.post(t, "/organise/outbox", url.Values{"action": {"release"}})
	c.expect(t, disa.email, 1)
	c.nowhere(t, "after the restore", s, told(people)...)

	// The same copy, when what it holds should be gone: the key file of a later
	// day opens none of it, and the counts are right.
	s.stop(t)
	c.ahead = 40 * 24 * time.Hour
	c.must(t, "attendance", event) // the key file goes on
	if said := c.run(t, "restore", backup); said.code != done {
		t.Fatalf("restoring: %+v", said)
	}
	shown := map[string]string{}
	for _, format := range []string{"json", "csv"} {
		shown["the command's "+format] = c.must(t, "attendance", event, "--format", format)
	}
	if text := shown["the command's json"]; !strings.Contains(text, `"going":3,"waiting":2`) {
		t.Errorf("40 days later the copy counts wrong:\n%s", text)
	}
	s = c.serve(t, c.must(t, "token", "create", "--organiser", "kansliet@example.org"))
	// Who had asked to be erased is taken out of the copy's counts, too.
	eventually(t, 10*time.Second, func() (any, bool) {
		list := s.list(t, event)
		return list, list.Going == 2 && list.Waiting == 2 && len(list.Attendees) == 3
	})
	_, api := s.call(t, "GET", "/api/v1/events/"+event+"/attendance", s.token, "")
	shown["the API"] = string(api)
	shown["the page"] = s.desk(t, c).get(t, "/organise/events/"+event+"/attendance")
	for what, text := range shown {
		for _, word := range told(people) {
			if holds([]byte(text), word) {
				t.Errorf("40 days later %s shows %q", what, word)
			}
		}
	}
}
