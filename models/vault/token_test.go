package vault

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"strings"
	"testing"
)

func TestToken_RoundTrip(t *testing.T) {
	v, path := newVault(t)
	token := v.Token("rsvp", rsvp)
	if url.PathEscape(token) != token || url.QueryEscape(token) != token || len(token) != 43 {
		t.Errorf("%q must be escaped in a URL, or is not 43 characters long", token)
	}
	// Years later it is still good: the key that signs never changes.
	if err := v.Advance(day + 300); err != nil {
		t.Fatal(err)
	}
	if id, ok := Claimed(token); !ok || id != rsvp {
		t.Errorf("it claims %q, %t", id, ok)
	}
	for _, v := range []*Vault{v, mustOpen(t, path, day+400)} {
		if id, ok := v.Check("rsvp", token); !ok || id != rsvp {
			t.Errorf("got %q, %t", id, ok)
		}
	}
}

func TestCheck_Refused(t *testing.T) {
	v, _ := newVault(t)
	foreign, _ := newVault(t)
	token := v.Token("rsvp", rsvp)
	raw, _ := base64.RawURLEncoding.DecodeString(token)
	swapped := append([]byte{raw[0] ^ 1}, raw[1:]...)
	// The last character carries two bits that mean nothing.
	last := strings.IndexByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", token[42])
	spare := token[:42] + string("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[last|1])
	for name, forged := range map[string]string{
		"another installation's": foreign.Token("rsvp", rsvp),
		"another purpose's":      v.Token("sign-in", rsvp),
		"another id":             base64.RawURLEncoding.EncodeToString(swapped),
		"cut":                    token[:42],
		"the id alone":           base64.RawURLEncoding.EncodeToString(raw[:16]),
		"longer":                 token + "A",
		"padded":                 token + "=",
		"in upper case":          strings.ToUpper(token),
		"in lower case":          strings.ToLower(token),
		"with spare bits":        spare,
		"with a line break":      token[:20] + "\n" + token[20:],
		"with a space":           " " + token,
		"of nothing":             "",
		"of zeros":               strings.Repeat("A", 43),
		"the id as text":         rsvp,
	} {
		if id, ok := v.Check("rsvp", forged); ok || id != "" {
			t.Errorf("a token %s was taken for %q", name, id)
		}
		if id, ok := Claimed(forged); ok && len(id) != len(rsvp) || !ok && id != "" {
			t.Errorf("a token %s claims %q, %t", name, id, ok)
		}
	}
	for i := range token {
		flipped := []byte(token)
		flipped[i] ^= 0x20 // the case of a letter
		if _, ok := v.Check("rsvp", string(flipped)); ok {
			t.Errorf("taken with character %d changed", i)
		}
	}
}

func TestToken_OnlyForUUIDs(t *testing.T) {
	v, _ := newVault(t)
	for _, id := range []string{"", "event", strings.ToUpper("0195a000-0000-7000-8000-00000000000a"), "0195a000x0000-7000-8000-000000000001"} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("a token for %q", id)
				}
			}()
			v.Token("rsvp", id)
		}()
	}
}

func TestCode(t *testing.T) {
	v, _ := newVault(t)
	if v.Code("sign-in", rsvp) != v.Code("sign-in", rsvp) {
		t.Error("one id has two codes")
	}
	// 10,000 codes: each digit stands about 1,000 times in each place. Five
	// standard deviations are 150.
	const codes = 10_000
	var count [6][10]int
	for n := range codes {
		code := v.Code("sign-in", fmt.Sprint(n))
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("%q is not six digits", code)
		}
		for place, digit := range code {
			count[place][digit-'0']++
		}
	}
	for place := range count {
		for digit, n := range count[place] {
			if n < 850 || n > 1150 {
				t.Errorf("%d stands %d times in place %d of %d codes", digit, n, place, codes)
			}
		}
	}
}

func TestHash(t *testing.T) {
	v, path := newVault(t)
	foreign, _ := newVault(t)
	hash := v.Hash("token", "secret")
	if later := mustOpen(t, path, day+90).Hash("token", "secret"); later != hash {
		t.Error("changes with the days")
	}
	for name, another := range map[string]string{
		"another purpose":      v.Hash("address", "secret"),
		"another secret":       v.Hash("token", "secrets"),
		"another installation": foreign.Hash("token", "secret"),
		"other bounds":         v.Hash("tokens", "ecret"),
	} {
		if another == hash {
			t.Errorf("%s has the same hash", name)
		}
	}
	if len(hash) != 64 || strings.Contains(hash, "secret") {
		t.Errorf("%q", hash)
	}
}

func FuzzCheck(f *testing.F) {
	v, _ := newVault(f)
	f.Add("")
	f.Add(strings.Repeat("A", 43))
	f.Add(v.Token("sign-in", rsvp))
	f.Fuzz(func(t *testing.T, token string) {
		if id, ok := v.Check("rsvp", token); ok {
			t.Errorf("%q was taken for %q", token, id)
		}
	})
}

func TestTag(t *testing.T) {
	v, path := newVault(t)
	foreign, _ := newVault(t)
	tag := v.Tag("bounce", rsvp)
	changed := map[bool]string{true: "b", false: "a"}[tag[30] == 'a']
	if len(tag) != TagLength || strings.Trim(tag, "abcdefghijklmnopqrstuvwxyz234567") != "" {
		t.Errorf("%q does not fit into a local part", tag)
	}
	for name, tt := range map[string]struct {
		purpose, tag string
		ok           bool
	}{
		"as it is":              {"bounce", tag, true},
		"in upper case":         {"bounce", strings.ToUpper(tag), true},
		"for something else":    {"reply", tag, false},
		"of another vault":      {"bounce", foreign.Tag("bounce", rsvp), false},
		"another id":            {"bounce", "7" + tag[1:], false},
		"another mark":          {"bounce", tag[:30] + changed + tag[31:], false},
		"with spare bits":       {"bounce", tag[:TagLength-1] + string(tag[TagLength-1]+1), false},
		"with a line break":     {"bounce", tag[:20] + "\n" + tag[20:], false},
		"a token":               {"bounce", v.Token("bounce", rsvp), false},
		"cut off":               {"bounce", tag[:TagLength-2], false},
		"nothing":               {"bounce", "", false},
		"the id without a mark": {"bounce", rsvp, false},
	} {
		t.Run(name, func(t *testing.T) {
			if got, ok := v.CheckTag(tt.purpose, tt.tag); ok != tt.ok || ok != (got == rsvp) {
				t.Errorf("%q: %q, %t; want %t", tt.tag, got, ok, tt.ok)
			}
		})
	}
	// Years later it is still good: the key that signs never changes.
	if got, ok := mustOpen(t, path, day+400).CheckTag("bounce", tag); !ok || got != rsvp {
		t.Errorf("years later: %q, %t", got, ok)
	}
}

func FuzzCheckTag(f *testing.F) {
	v, _ := newVault(f)
	f.Add(v.Tag("bounce", rsvp))
	f.Add(strings.Repeat("a", TagLength))
	f.Fuzz(func(t *testing.T, tag string) {
		if id, ok := v.CheckTag("bounce", tag); ok && v.Tag("bounce", id) != strings.ToLower(tag) {
			t.Errorf("%q is taken for the tag of %s", tag, id)
		}
	})
}
