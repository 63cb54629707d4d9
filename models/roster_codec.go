package models

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"
)

// ID is a UUID in its bytes.
type ID [16]byte

// String is the usual form with hyphens.
func (id ID) String() string {
	h := hex.EncodeToString(id[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// ParseID reads the usual form, in lower case.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' || s != strings.ToLower(s) {
		return id, errors.New("not a UUID")
	}
	_, err := hex.Decode(id[:], []byte(s[:8]+s[9:13]+s[14:18]+s[19:23]+s[24:]))
	return id, err
}

// Entries are kept as one run of bytes, about 50 for each: with readable keys a
// roster of 10,000 took a megabyte and 11 ms to decode, and it is written anew
// with every sign-up.
type Entries []Entry

const (
	entriesFormat   = 1
	flagMustConfirm = 1
	flagQuiet       = 2
	flagConfirmed   = 32
	flagBarred      = 64
	flagHeardPlace  = 128
	shiftHeard      = 2 // Heard is in the three bits between, but for its last
	maskHeard       = 7
	leastEntry      = 16 + 16 + 3 + 9 // bytes of the shortest entry
)

// MarshalBinary writes a format byte, the number of entries, and each entry
// with its ids as they are and its numbers as varints, times in milliseconds.
func (es Entries) MarshalBinary() ([]byte, error) {
	b := make([]byte, 0, 16+len(es)*56)
	b = append(b, entriesFormat)
	b = binary.AppendUvarint(b, uint64(len(es)))
	for i := range es {
		e := &es[i]
		b = append(b, e.RSVP[:]...)
		b = append(b, e.Who[:]...)
		flags := byte(e.Told.Heard&maskHeard) << shiftHeard
		for _, f := range [...]struct {
			on  bool
			bit byte
		}{{e.MustConfirm, flagMustConfirm}, {e.Quiet, flagQuiet}, {e.Confirmed, flagConfirmed}, {e.Barred, flagBarred}, {e.Told.Heard&HeardPlace != 0, flagHeardPlace}} {
			if f.on {
				flags |= f.bit
			}
		}
		b = append(b, byte(e.State), byte(e.Told.State), flags)
		for _, n := range [...]int64{int64(e.Party), moment(e.Since), moment(e.Until), int64(e.Told.Party), int64(e.Told.Sequence), int64(e.Told.Mails), int64(e.Mails), int64(e.Asked), int64(e.Asks)} {
			b = binary.AppendUvarint(b, uint64(n))
		}
	}
	return b, nil
}

// UnmarshalBinary reads what MarshalBinary wrote, and nothing else.
func (es *Entries) UnmarshalBinary(b []byte) error {
	if len(b) == 0 || b[0] != entriesFormat {
		return errors.New("roster entries: unknown format")
	}
	in := reader{b: b[1:]}
	// The number is believed only as far as there are bytes for it.
	count := in.number()
	if in.bad || count > len(in.b)/leastEntry {
		return errors.New("roster entries: cut short")
	}
	out := make(Entries, count)
	for i := range out {
		e := &out[i]
		copy(e.RSVP[:], in.take(16))
		copy(e.Who[:], in.take(16))
		if s := in.take(3); s != nil {
			e.State, e.Told.State = State(s[0]), State(s[1])
			e.MustConfirm, e.Quiet, e.Confirmed, e.Barred = s[2]&flagMustConfirm != 0, s[2]&flagQuiet != 0, s[2]&flagConfirmed != 0, s[2]&flagBarred != 0
			if e.Told.Heard = Heard(s[2] >> shiftHeard & maskHeard); s[2]&flagHeardPlace != 0 {
				e.Told.Heard |= HeardPlace
			}
		}
		e.Party, e.Since, e.Until = in.number(), instant(in.varint()), instant(in.varint())
		e.Told.Party, e.Told.Sequence, e.Told.Mails = in.number(), in.number(), in.number()
		e.Mails, e.Asked, e.Asks = in.number(), in.number(), in.number()
		if in.bad {
			return fmt.Errorf("roster entries: cut short or damaged at %d", i)
		}
	}
	if len(in.b) > 0 {
		return fmt.Errorf("roster entries: %d bytes too many", len(in.b))
	}
	*es = out
	return nil
}

// reader takes entries apart; bad once there was not what was asked for.
type reader struct {
	b   []byte
	bad bool
}

func (r *reader) take(n int) []byte {
	if len(r.b) < n {
		r.bad, r.b = true, nil
		return nil
	}
	taken := r.b[:n]
	r.b = r.b[n:]
	return taken
}

func (r *reader) varint() int64 {
	n, size := binary.Uvarint(r.b)
	r.take(max(size, 0))
	r.bad = r.bad || size <= 0
	return int64(n)
}

// number is a count: small and never negative.
func (r *reader) number() int {
	n := r.varint()
	if n < 0 || n > math.MaxInt32 {
		r.bad = true
		return 0
	}
	return int(n)
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// MarshalText is the binary form in base64. It is this and not MarshalJSON, since
// encoding/json reads through all that MarshalJSON returns once more.
func (es Entries) MarshalText() ([]byte, error) {
	b, err := es.MarshalBinary()
	return base64.StdEncoding.AppendEncode(nil, b), err
}

// UnmarshalText reads what MarshalText wrote.
func (es *Entries) UnmarshalText(text []byte) error {
	b, err := base64.StdEncoding.AppendDecode(nil, text)
	if err != nil {
		return err
	}
	return es.UnmarshalBinary(b)
}
