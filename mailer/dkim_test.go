package mailer

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"strings"
	"testing"

	"github.com/emersion/go-msgauth/dkim"

	"samling/models"
)

func newDKIM(t testing.TB) *DKIM {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return &DKIM{Domain: "samling.example", Selector: "samling", Key: key}
}

// verified is what another's verifier says of a message, given our DNS record.
func verified(t testing.TB, d *DKIM, message string) error {
	t.Helper()
	found, err := dkim.VerifyWithOptions(strings.NewReader(message), &dkim.VerifyOptions{LookupTXT: func(name string) ([]string, error) {
		if where, record := d.Record(); name == where {
			return []string{strings.Join(record, "")}, nil
		}
		t.Errorf("asks for %s", name)
		return nil, nil
	}})
	if err != nil {
		return err
	}
	if len(found) != 1 {
		t.Fatalf("%d signatures", len(found))
	}
	if found[0].Domain != d.Domain {
		t.Errorf("signed by %s", found[0].Domain)
	}
	return found[0].Err
}

// Every mail there is, as the server has received it.
func TestDKIM_EveryMailVerifies(t *testing.T) {
	d := newDKIM(t)
	r := (&rude{}).start(t)
	s := d.Signing(sender(t, r, nil))
	letters := []Letter{hostile(t)}
	for _, kind := range kinds() {
		for _, language := range []string{"sv", "en"} {
			l := letter(t, kind)
			l.Language = language
			letters = append(letters, l)
		}
	}
	dots := letter(t, models.MailCancelled)
	dots.Mail.About.Reason = ".\n..\n.punkt   och blanka  \n\n\n"
	for i, l := range append(letters, dots) {
		m := compose(t, l)
		if _, err := s.Send(t.Context(), m.From, m.To, m.Bytes); err != nil {
			t.Fatal(err)
		}
		_, mails, _ := r.state()
		got := mails[i]
		if err := verified(t, d, got); err != nil {
			t.Errorf("%s/%s: %v in\n%s", l.Mail.Kind, l.Language, err, got)
		}
		if !strings.HasSuffix(got, string(m.Bytes)) || !strings.HasPrefix(got, "DKIM-Signature: ") {
			t.Errorf("%s: more than the signature was added", l.Mail.Kind)
		}
		for line := range strings.SplitSeq(got, "\r\n") {
			if len(line) > 998 {
				t.Errorf("%s: a line of %d bytes", l.Mail.Kind, len(line))
			}
		}
	}
}

func TestDKIM_TamperingShows(t *testing.T) {
	d := newDKIM(t)
	going, reminder := compose(t, letter(t, models.MailGoing)).Bytes, compose(t, letter(t, models.MailReminder)).Bytes
	for name, tt := range map[string]struct {
		mail   []byte
		change func(string) string
		same   bool
	}{
		"nothing":               {going, func(s string) string { return s }, true},
		"folded anew":           {going, func(s string) string { return strings.Replace(s, "\r\nTo: ", "\r\nTo:   ", 1) }, true},
		"a field of the way":    {going, func(s string) string { return "Received: from a by b\r\n" + s }, true},
		"another From":          {going, func(s string) string { return strings.Replace(s, "\r\nTo:", "\r\nFrom: x@evil.example\r\nTo:", 1) }, false},
		"From above":            {going, func(s string) string { return "From: x@evil.example\r\n" + s }, false},
		"a Cc":                  {going, func(s string) string { return "Cc: x@evil.example\r\n" + s }, false},
		"another subject":       {going, func(s string) string { return "Subject: hej\r\n" + s }, false},
		"another Message-ID":    {going, func(s string) string { return strings.Replace(s, "\r\nMessage-ID: <", "\r\nMessage-ID: <x", 1) }, false},
		"another day":           {going, func(s string) string { return strings.Replace(s, "\r\nDate: Fri", "\r\nDate: Sat", 1) }, false},
		"to unsubscribe":        {going, func(s string) string { return "List-Unsubscribe: <https://evil.example>\r\n" + s }, false},
		"other boundaries":      {going, func(s string) string { return "Content-Type: text/plain\r\n" + s }, false},
		"a word of the text":    {going, func(s string) string { return strings.Replace(s, "Vi ses", "Vi syns", 1) }, false},
		"more behind the end":   {going, func(s string) string { return s + "mer\r\n" }, false},
		"no more one click":     {reminder, func(s string) string { return strings.Replace(s, "List-Unsubscribe-Post: ", "X-Post: ", 1) }, false},
		"unsubscribe elsewhere": {reminder, func(s string) string { return strings.Replace(s, "/quiet>", "/cancel>", 1) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := d.Sign(tt.mail)
			if err != nil {
				t.Fatal(err)
			}
			changed := tt.change(string(signed))
			if (changed == string(signed)) != (name == "nothing") {
				t.Fatal("the test changes nothing")
			}
			if err := verified(t, d, changed); (err == nil) != tt.same {
				t.Errorf("verifying says %v", err)
			}
		})
	}
}

func TestDKIM_Record(t *testing.T) {
	d := newDKIM(t)
	name, record := d.Record()
	if name != "samling._domainkey.samling.example" || len(record) != 2 || len(record[0]) != 255 || !strings.HasPrefix(record[0], "v=DKIM1; k=rsa; p=MII") {
		t.Errorf("%s %q", name, record)
	}
}

func TestParseDKIMKey(t *testing.T) {
	key := newDKIM(t).Key
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8 := func(key crypto.Signer) []byte {
		der, err := x509.MarshalPKCS8PrivateKey(key)
		if err != nil {
			t.Fatal(err)
		}
		return der
	}
	in := func(kind string, der []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}) }
	for name, tt := range map[string]struct {
		text []byte
		want error
	}{
		"PKCS 8":       {in("PRIVATE KEY", pkcs8(key)), nil},
		"PKCS 1":       {in("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)), nil},
		"a note first": {append([]byte("the key of samling\n"), in("PRIVATE KEY", pkcs8(key))...), nil},
		"empty":        {nil, DKIMFault("no-key")},
		"public":       {in("PUBLIC KEY", marshalled(&key.PublicKey)), DKIMFault("no-key")},
		"DER":          {pkcs8(key), DKIMFault("no-key")},
		"encrypted":    {in("ENCRYPTED PRIVATE KEY", pkcs8(key)), DKIMFault("no-key")},
		"cut off":      {in("PRIVATE KEY", pkcs8(key)[:200]), DKIMFault("no-key")},
		"a curve":      {in("PRIVATE KEY", pkcs8(curve)), DKIMFault("not-rsa")},
		"too short":    {in("PRIVATE KEY", pkcs8(short)), DKIMFault("short")},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := ParseDKIMKey(tt.text)
			if err != tt.want || err == nil && !got.Equal(key) {
				t.Errorf("%v, want %v", err, tt.want)
			}
		})
	}
}

func FuzzParseDKIMKey(f *testing.F) {
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if key, err := ParseDKIMKey(text); (key == nil) == (err == nil) {
			t.Errorf("%v, %v", key, err)
		}
	})
}

// A key that cannot sign keeps the queue and calls for somebody.
func TestDKIM_CannotSign(t *testing.T) {
	d := newDKIM(t)
	d.Domain = ""
	_, err := d.Signing(NewMailbox(1)).Send(t.Context(), "a@b.example", "c@d.example", bytes.Repeat([]byte("x"), 10))
	if f := faultOf(err); f.Class != Ours {
		t.Errorf("%v", err)
	}
}
