package models

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"flag"
	"os"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestEntries_RoundTrip(t *testing.T) {
	number := rapid.IntRange(0, 1<<31-1)
	moments := rapid.Custom(func(t *rapid.T) time.Time { return instant(rapid.Int64Range(0, 1<<45).Draw(t, "ms")) })
	entry := rapid.Custom(func(t *rapid.T) Entry {
		var e Entry
		copy(e.RSVP[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "rsvp"))
		copy(e.Who[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "who"))
		states := rapid.SampledFrom([]State{Held, Going, Waiting, Offered, Left})
		e.State, e.MustConfirm = states.Draw(t, "state"), rapid.Bool().Draw(t, "must confirm")
		e.Party, e.Since, e.Until = number.Draw(t, "party"), moments.Draw(t, "since"), moments.Draw(t, "until")
		e.Told = Told{State: states.Draw(t, "told"), Party: number.Draw(t, "told party"), Sequence: number.Draw(t, "sequence"), Mails: number.Draw(t, "told mails")}
		e.Mails, e.Asked, e.Asks = number.Draw(t, "mails"), number.Draw(t, "asked"), number.Draw(t, "asks")
		return e
	})
	rapid.Check(t, func(t *rapid.T) {
		want := Entries(rapid.SliceOfN(entry, 0, 20).Draw(t, "entries"))
		b, err := want.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var got Entries
		if err := got.UnmarshalBinary(b); err != nil || !slices.Equal(got, want) {
			t.Fatalf("read %+v, %v; wrote %+v", got, err, want)
		}
		for n := range b {
			if got.UnmarshalBinary(b[:n]) == nil {
				t.Fatalf("the first %d of %d bytes were taken for all", n, len(b))
			}
		}
		again, _ := got.MarshalBinary()
		if !bytes.Equal(again, b) {
			t.Fatal("written twice, different bytes")
		}
	})
}

var update = flag.Bool("update", false, "write the golden files anew")

// Rosters that were stored must be read by every later version. If this test
// fails, entriesFormat must rise, and the older format still be read.
func TestEntries_FormatNeverChanges(t *testing.T) {
	at := time.Date(2026, 4, 1, 12, 0, 0, 0, time.UTC)
	want := Entries{
		{RSVP: ID{1}, Who: Who{2}, Party: 2, Since: at, State: Going, Told: Told{State: Going, Party: 2, Sequence: 3, Mails: 1}, Mails: 1},
		{RSVP: ID{3}, Who: Who{4}, Party: 1, Since: at, State: Held, Until: at.Add(HoldLasts), MustConfirm: true, Asked: 4, Asks: 5},
		{RSVP: ID{5}, Party: 300, Since: at.Add(time.Millisecond), State: Left},
	}
	b, err := want.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	const file = "testdata/entries.hex"
	if *update {
		if err := os.WriteFile(file, []byte(hex.EncodeToString(b)+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	golden, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got := hex.EncodeToString(b) + "\n"; got != string(golden) {
		t.Errorf("is written as\n%s was written as\n%s", got, golden)
	}
	stored, err := hex.DecodeString(string(bytes.TrimSpace(golden)))
	if err != nil {
		t.Fatal(err)
	}
	var got Entries
	if err := got.UnmarshalBinary(stored); err != nil || !slices.Equal(got, want) {
		t.Errorf("read %+v, %v", got, err)
	}
}

func TestEntries_Damaged(t *testing.T) {
	whole, _ := Entries{{RSVP: ID{1}, Party: 1, State: Going}}.MarshalBinary()
	for name, b := range map[string][]byte{
		"nothing":            {},
		"another format":     append([]byte{9}, whole[1:]...),
		"more than there is": {entriesFormat, 0xff, 0xff, 0xff, 0x07},
		"beyond counting":    {entriesFormat, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01},
		"something behind":   append(slices.Clone(whole), 0),
		"a negative party":   append(slices.Clone(whole[:37]), append([]byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01}, whole[38:]...)...),
	} {
		kept := Entries{{Party: 7}}
		if err := kept.UnmarshalBinary(b); err == nil || len(kept) != 1 || kept[0].Party != 7 {
			t.Errorf("%s: %v, %v", name, err, kept)
		}
	}
	var es Entries
	if err := json.Unmarshal([]byte(`"%%%"`), &es); err == nil {
		t.Error("took what is no base64")
	}
}

// Bytes that promise more entries than they can hold cost no memory.
func TestEntries_AllocateWhatIsThere(t *testing.T) {
	b := append(binary.AppendUvarint([]byte{entriesFormat}, 1<<20), make([]byte, 1<<20)...)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	var es Entries
	err := es.UnmarshalBinary(b)
	runtime.ReadMemStats(&after)
	if got := after.TotalAlloc - before.TotalAlloc; err == nil || got > 1<<20 {
		t.Errorf("a megabyte made it take %d bytes; %v", got, err)
	}
}

func TestParseID(t *testing.T) {
	const text = "0195a000-0000-7000-8000-00000000000a"
	id, err := ParseID(text)
	if err != nil || id.String() != text {
		t.Errorf("%s is read as %s, %v", text, id, err)
	}
	for _, wrong := range []string{
		"", text + "0", text[1:], "0195A000-0000-7000-8000-00000000000a", "0195a000x0000-7000-8000-00000000000a", "0195a000-0000-7000-8000-00000000000g",
	} {
		if _, err := ParseID(wrong); err == nil {
			t.Errorf("took %q", wrong)
		}
	}
}

func FuzzEntries(f *testing.F) {
	f.Add([]byte{entriesFormat, 0})
	whole, _ := Entries{{RSVP: ID{1}, Party: 1, State: Going}, {State: Left}}.MarshalBinary()
	f.Add(whole)
	f.Fuzz(func(t *testing.T, b []byte) {
		var es Entries
		if es.UnmarshalBinary(b) != nil {
			return
		}
		if len(es) > len(b)/leastEntry {
			t.Fatalf("%d entries of %d bytes", len(es), len(b))
		}
		again, _ := es.MarshalBinary()
		var same Entries
		if err := same.UnmarshalBinary(again); err != nil || !slices.Equal(es, same) {
			t.Fatalf("read %+v, wrote it and read %+v, %v", es, same, err)
		}
	})
}
