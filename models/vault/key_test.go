package vault

import (
	"bytes"
	"encoding/hex"
	"slices"
	"testing"
)

func TestSeal_RoundTrip(t *testing.T) {
	key := NewKey()
	for _, plain := range [][]byte{nil, []byte("x"), []byte(`{"name":"Åsa"}`), bytes.Repeat([]byte("a"), 5000)} {
		sealed := key.Seal(event, rsvp, plain)
		if len(plain) > 4 && bytes.Contains(sealed, plain) {
			t.Error("the plain text stands in the sealed")
		}
		got, err := key.Open(event, rsvp, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Errorf("got %q, %v; want %q", got, err, plain)
		}
	}
	if bytes.Equal(key.Seal(event, rsvp, nil), key.Seal(event, rsvp, nil)) {
		t.Error("a nonce was used twice")
	}
}

func TestOpen_NothingElse(t *testing.T) {
	key := NewKey()
	sealed := key.Seal(event, rsvp, []byte("secret"))
	changed := func(at int) []byte {
		b := slices.Clone(sealed)
		b[at] ^= 1
		return b
	}
	for name, open := range map[string]func() ([]byte, error){
		"another event":     func() ([]byte, error) { return key.Open(other, rsvp, sealed) },
		"another RSVP":      func() ([]byte, error) { return key.Open(event, other, sealed) },
		"the two exchanged": func() ([]byte, error) { return key.Open(rsvp, event, sealed) },
		"the two run on":    func() ([]byte, error) { return key.Open(event+rsvp, "", sealed) },
		"another key":       func() ([]byte, error) { return NewKey().Open(event, rsvp, sealed) },
		"a changed nonce":   func() ([]byte, error) { return key.Open(event, rsvp, changed(0)) },
		"changed text":      func() ([]byte, error) { return key.Open(event, rsvp, changed(14)) },
		"a changed tag":     func() ([]byte, error) { return key.Open(event, rsvp, changed(len(sealed)-1)) },
		"cut":               func() ([]byte, error) { return key.Open(event, rsvp, sealed[:len(sealed)-1]) },
		"nothing":           func() ([]byte, error) { return key.Open(event, rsvp, nil) },
	} {
		if plain, err := open(); err == nil || plain != nil {
			t.Errorf("%s: opened as %q", name, plain)
		}
	}
}

func TestWho(t *testing.T) {
	key := NewKey()
	if key.Who("asa@example.se") != key.Who("asa@example.se") {
		t.Error("one address is two people")
	}
	if key.Who("asa@example.se") == key.Who("bo@example.se") || key.Who("asa@example.se") == NewKey().Who("asa@example.se") {
		t.Error("two people, or one at two events, are the same")
	}
}

// What was sealed must open after every update of the program. If this test
// fails, it is the program that is wrong.
func TestDerivations_NeverChange(t *testing.T) {
	in := contents{Format: 1, Chain: "chain", Day: day}
	for i := range in.Value {
		in.Value[i], in.Signing[i], in.Addresses[i] = byte(i), byte(100+i), byte(200+i)
	}
	v := &Vault{in: in}
	key := Key{in.Value}
	wrapping, err := v.wrapping(event, day+2)
	if err != nil {
		t.Fatal(err)
	}
	who := key.Who("asa@example.se")
	seal := key.s.derive("samling 1 seal")
	next := in.Value.forward(day, day+1)
	for name, c := range map[string]struct{ got, want string }{
		"the next day's value": {hex.EncodeToString(next[:]), "75993327eccc4fd57093ed3502e88597510bac6517673ee017a7113b8ef8a1aa"},
		"a wrapping key":       {hex.EncodeToString(wrapping[:]), "3c0ca32784552ba3d24724b0218f5bc3746cf5dc12c2f28b724cd5ceef39b3f5"},
		"a sealing key":        {hex.EncodeToString(seal[:]), "a2b4271c9fcdd732a295dd4c5a143b45286ffe7fb3f9984560e91fce95745a4b"},
		"an address":           {hex.EncodeToString(who[:]), "9a957f605b11325a5649f03eb1071bde"},
		"a token":              {v.Token("rsvp", rsvp), "AZWgAAAAcACAAAAAAAAAAjzFUgxRsAu8o31uMmPAw1M"},
		"a code":               {v.Code("sign-in", rsvp), "680701"},
		"a hash":               {v.Hash("token", "secret"), "d5f97fddbf7fd9f94593c03d4a0c68bfab554794d2cce97afcd90052ff5db310"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %s, want %s", name, c.got, c.want)
		}
	}
	sealed, _ := hex.DecodeString("d067a5223eb89c033960d69f978769d459d8e65ff989310dd4d7fab6cb1c7f06")
	if plain, err := key.Open(event, rsvp, sealed); err != nil || string(plain) != "Åsa" {
		t.Errorf("what was sealed in the first version: %q, %v; now it is %x", plain, err, key.Seal(event, rsvp, []byte("Åsa")))
	}
	wrapped, _ := hex.DecodeString("1372fa117cd1f2154b36b25a7eb5098c58933ce6bb7bbf426df80851fb9c2a7a1f06bc16ac78c2950c4fe1bd0b12e8c46c846be37336b2c8a2400255")
	if got, err := v.Unwrap(event, wrapped, day+2); err != nil || got != key {
		t.Errorf("what was wrapped in the first version: %v; now it is %x", err, mustWrap(t, v, key, day+2))
	}
}

func FuzzOpen(f *testing.F) {
	key := NewKey()
	f.Add([]byte{})
	f.Add(make([]byte, 28))
	f.Add(NewKey().Seal(event, rsvp, []byte("x")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := key.Open(event, rsvp, sealed); err == nil {
			t.Errorf("%x opened as %q", sealed, plain)
		}
	})
}

func FuzzParse(f *testing.F) {
	v, _ := newVault(f)
	f.Add(v.now().bytes())
	f.Add([]byte(`{"format":1,"chain":"x","day":1,"value":"","signing":"","addresses":""}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		in, err := parse(b)
		if err != nil {
			return
		}
		if again, err := parse(in.bytes()); err != nil || again != in {
			t.Errorf("read %+v, wrote it and read %+v, %v", in, again, err)
		}
	})
}

func TestSealFor(t *testing.T) {
	v, path := newVault(t)
	sealed := v.SealFor("follow", event, []byte("https://kalender.example/hemlig.ics"))
	again, err := Open(path, v.Today()+300)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.OpenFor("follow", event, sealed); err != nil || string(plain) != "https://kalender.example/hemlig.ics" {
		t.Errorf("300 days later: %q, %v", plain, err)
	}
	stranger, _ := newVault(t)
	for name, open := range map[string]func() ([]byte, error){
		"another purpose":  func() ([]byte, error) { return v.OpenFor("other", event, sealed) },
		"another id":       func() ([]byte, error) { return v.OpenFor("follow", other, sealed) },
		"another key file": func() ([]byte, error) { return stranger.OpenFor("follow", event, sealed) },
	} {
		if plain, err := open(); err == nil {
			t.Errorf("%s: opened as %q", name, plain)
		}
	}
}
