package vault

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
)

// cabinet is where wrapped keys are kept.
type cabinet struct {
	wrapped []byte
	day     Day
	err     error
	loads   int
}

func (c *cabinet) load(context.Context, string) ([]byte, Day, error) {
	c.loads++
	return c.wrapped, c.day, c.err
}

func TestKeyring_KeepsWhatIsAskedFor(t *testing.T) {
	v, _ := newVault(t)
	key := NewKey()
	c := &cabinet{wrapped: mustWrap(t, v, key, day+1), day: day + 1}
	ring := NewKeyring(v, c.load)
	for range 3 {
		if got, err := ring.Key(t.Context(), event); err != nil || got != key {
			t.Fatal(got, err)
		}
	}
	if c.loads != 1 {
		t.Errorf("loaded %d times", c.loads)
	}
	ring.Forget(event)
	if _, err := ring.Key(t.Context(), event); err != nil || c.loads != 2 {
		t.Errorf("forgotten, and loaded %d times, %v", c.loads, err)
	}
	if ring.Vault() != v {
		t.Error("another vault")
	}
}

func TestKeyring_NeverAfterItsDay(t *testing.T) {
	v, _ := newVault(t)
	c := &cabinet{wrapped: mustWrap(t, v, NewKey(), day+1), day: day + 1}
	ring := NewKeyring(v, c.load)
	for today := day; today <= day+1; today++ {
		if err := v.Advance(today); err != nil {
			t.Fatal(err)
		}
		if _, err := ring.Key(t.Context(), event); err != nil {
			t.Fatalf("on %s: %v", today, err)
		}
	}
	if err := v.Advance(day + 2); err != nil {
		t.Fatal(err)
	}
	if key, err := ring.Key(t.Context(), event); !errors.Is(err, ErrDestroyed) || key != (Key{}) {
		t.Errorf("the day after: %v", err)
	}
	if ring.kept.Len() != 0 {
		t.Error("it is still in memory")
	}
}

// The day turns while a key is being loaded.
func TestKeyring_MidnightBetween(t *testing.T) {
	v, _ := newVault(t)
	wrapped := mustWrap(t, v, NewKey(), day)
	ring := NewKeyring(v, func(context.Context, string) ([]byte, Day, error) { return wrapped, day, nil })
	key, err := v.Unwrap(event, wrapped, day)
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Advance(day + 1); err != nil {
		t.Fatal(err)
	}
	ring.lookUp(other) // another request comes first
	ring.keep(event, key, day)
	if _, err := ring.Key(t.Context(), event); !errors.Is(err, ErrDestroyed) {
		t.Errorf("kept a key of yesterday: %v", err)
	}
}

func TestKeyring_Errors(t *testing.T) {
	v, _ := newVault(t)
	away := errors.New("the store is away")
	c := &cabinet{err: away}
	ring := NewKeyring(v, c.load)
	if _, err := ring.Key(t.Context(), event); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
	c.err = nil
	c.wrapped, c.day = []byte("damaged"), day
	if _, err := ring.Key(t.Context(), event); err == nil {
		t.Error("unwrapped damaged bytes")
	}
}

func TestKeyring_ManyAtOnce(t *testing.T) {
	v, _ := newVault(t)
	key := NewKey()
	ring := NewKeyring(v, func(_ context.Context, event string) ([]byte, Day, error) {
		wrapped, err := v.Wrap(event, key, day+9)
		return wrapped, day + 9, err
	})
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for i := range 100 {
				event := fmt.Sprint((n + i) % 20)
				if got, err := ring.Key(context.Background(), event); err != nil || got != key {
					t.Errorf("event %s: %v", event, err)
				}
				if i%10 == 0 {
					ring.Forget(event)
				}
			}
		})
	}
	for d := range Day(5) {
		if err := v.Advance(day + d); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if ring.kept.Len() > keysKept {
		t.Errorf("keeps %d keys", ring.kept.Len())
	}
}
