package mailer

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"samling/models"
)

const calendarEvent = "0198c0de-0000-7000-8000-0000000000ee"

// What mail servers and calendar programs write, in their own forms.
func TestReadReturned_Samples(t *testing.T) {
	to := []string{"bounce+aaaa@samling.example.org"}
	for name, want := range map[string]models.Returned{
		"postfix":          {What: models.ReturnedFailed, To: to, Original: "bbbb", Words: "failed 5.1.1 smtp; 550 5.1.1 <…>: Recipient address rejected: User unknown in local recipient table"},
		"postfix-smtputf8": {What: models.ReturnedFailed, To: to, Original: "bbbb", Words: "failed 5.4.4 X-Postfix; Host or domain name not found for <…>"},
		"postfix-delayed":  {What: models.ReturnedDelayed, To: to, Original: "bbbb", Words: "delayed 4.4.1 X-Postfix; connect to mx.example.org[192.0.2.7]:25: Connection timed out"},
		"exchange":         {What: models.ReturnedFailed, To: to, Original: "bbbb", Words: "failed 5.1.10 smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient <…> not found by SMTP address lookup"},
		"gmail":            {What: models.ReturnedFailed, To: to, Original: "bbbb", Words: "failed 5.1.1 smtp; 550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550 5.1.1 unnecessary spaces."},
		"ses":              {What: models.ReturnedRefused, To: to, Original: "0110018e0000-0001", Words: "failed 5.7.26 smtp; 550 5.7.26 Unauthenticated email from samling.example.org is not accepted due to domain's DMARC policy."},
		"away":             {What: models.ReturnedAutomatic, To: to},
		"plain":            {What: models.ReturnedOther, To: to},
		"google-declined":  {What: models.ReturnedDeclined, To: to, Event: calendarEvent, Attendee: "ada@example.org"},
		"google-accepted":  {What: models.ReturnedAnswered, To: to, Event: calendarEvent, Attendee: "ada@example.org"},
		"outlook-declined": {What: models.ReturnedDeclined, To: to, Event: calendarEvent, Attendee: "ada@example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadReturned(bytes.NewReader(returnedSample(t, name)))
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s (%v)", diff, err)
			}
		})
	}
}

func returnedSample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "returned", name+".eml"))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestReadReturned_Odd(t *testing.T) {
	postfix := string(returnedSample(t, "postfix"))
	replaced := func(from, to string) string {
		if !strings.Contains(postfix, from) {
			t.Fatalf("no %q in the sample", from)
		}
		return strings.ReplaceAll(postfix, from, to)
	}
	before := func(mark string) string {
		kept, _, found := strings.Cut(postfix, mark)
		if !found {
			t.Fatalf("no %q", mark)
		}
		return kept
	}
	for name, tt := range map[string]struct {
		message string
		want    models.ReturnedKind
	}{
		"failed after days of trying": {replaced("Status: 5.1.1", "Status: 4.4.7"), models.ReturnedDelayed},
		"delivered":                   {replaced("Action: failed", "Action: delivered"), models.ReturnedAutomatic},
		"relayed":                     {replaced("Action: failed", "Action: relayed"), models.ReturnedAutomatic},
		"no status":                   {replaced("Status: 5.1.1", "Status: gone"), models.ReturnedAutomatic},
		"in other cases":              {replaced("Action: failed", "ACTION: Failed (nobody there)"), models.ReturnedFailed},
		"a status with a comment":     {replaced("Status: 5.1.1", "Status: 5.1.1 (bad destination)"), models.ReturnedFailed},
		"two recipients":              {replaced("Final-Recipient:", "Final-Recipient: rfc822; x@example.org\r\nAction: delayed\r\nStatus: 4.0.0\r\n\r\nFinal-Recipient:"), models.ReturnedFailed},
		"bare line feeds":             {strings.ReplaceAll(postfix, "\r\n", "\n"), models.ReturnedFailed},
		"cut off behind the status":   {before("Content-Description: Undelivered"), models.ReturnedFailed},
		"cut off before it":           {before("Action: failed"), models.ReturnedAutomatic},
		"larger than is read":         {postfix + strings.Repeat("x", 2*MaxReturned), models.ReturnedFailed},
		"another type of report":      {replaced("report-type=delivery-status", "report-type=disposition-notification"), models.ReturnedFailed},
		"no mail":                     {"\x00\x01\x02", models.ReturnedUnreadable},
		"empty":                       {"", models.ReturnedUnreadable},
		"nested without end":          {nested(2000, postfix), models.ReturnedAutomatic},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ReadReturned(strings.NewReader(tt.message))
			if err != nil || got.What != tt.want {
				t.Errorf("%q, %v; want %q", got.What, err, tt.want)
			}
		})
	}
}

// nested is a message that lies in so many others.
func nested(depth int, inner string) string {
	var b strings.Builder
	b.WriteString("Auto-Submitted: auto-replied\r\nContent-Type: multipart/report; boundary=b00000\r\n\r\n")
	for i := range depth {
		fmt.Fprintf(&b, "--b%05d\r\nContent-Type: multipart/mixed; boundary=b%05d\r\n\r\n", i, i+1)
	}
	return fmt.Sprintf("%s--b%05d\r\n%s", b.String(), depth, inner)
}

// Where nothing but the person who feeds us knows to whom it was sent, the
// address is given beside the message; a header that cannot be read is no reason
// to overlook it.
func TestReadReturned_Recipients(t *testing.T) {
	got, err := ReadReturned(strings.NewReader("X-Original-To: bounce+a@x.example\r\nDelivered-To: <bounce+b@x.example>\r\nTo: \"A, B\" <bounce+c@x.example>, bounce+a@x.example\r\nTo: @@bounce+d@x.example\r\n\r\nHej"))
	want := []string{"bounce+a@x.example", "bounce+b@x.example", "bounce+c@x.example", "@@bounce+d@x.example"}
	if diff := cmp.Diff(want, got.To); diff != "" || err != nil {
		t.Errorf("%s (%v)", diff, err)
	}
}

func FuzzReadReturned(f *testing.F) {
	samples, err := filepath.Glob("testdata/returned/*.eml")
	if err != nil || len(samples) == 0 {
		f.Fatal("no samples", err)
	}
	for _, path := range samples {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := ReadReturned(bytes.NewReader(data))
		if err != nil || got.What == "" {
			t.Errorf("%+v, %v", got, err)
		}
		if strings.Contains(got.Words, "@") && addressLike.MatchString(got.Words) {
			t.Errorf("an address stands in %q", got.Words)
		}
	})
}
