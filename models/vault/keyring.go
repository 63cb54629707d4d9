package vault

import (
	"context"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
)

// keysKept is how many unwrapped keys a keyring holds: the events of a busy
// month. Unwrapping one costs a read of the store and a derivation for each day
// that it is still to be kept.
const keysKept = 512

// Keyring hands out the keys of events, unwrapped, and keeps those lately asked
// for. It never gives out a key whose day has passed: when the vault comes to
// another day, everything it kept is forgotten.
type Keyring struct {
	vault *Vault
	load  func(ctx context.Context, event string) (wrapped []byte, day Day, err error)

	mu   sync.Mutex
	day  Day // on which what is kept was unwrapped
	kept *lru.Cache[string, Key]
}

// NewKeyring makes an empty keyring; load fetches an event's wrapped key and the
// day for which it was wrapped.
func NewKeyring(v *Vault, load func(ctx context.Context, event string) (wrapped []byte, day Day, err error)) *Keyring {
	kept, err := lru.New[string, Key](keysKept)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &Keyring{vault: v, load: load, day: v.Today(), kept: kept}
}

// Vault is the vault that unwraps the keys.
func (k *Keyring) Vault() *Vault { return k.vault }

// Key is the key of an event. ErrDestroyed: its day has passed. Other errors are
// those of load.
func (k *Keyring) Key(ctx context.Context, event string) (Key, error) {
	if key, ok := k.lookUp(event); ok {
		return key, nil
	}
	wrapped, day, err := k.load(ctx, event)
	if err != nil {
		return Key{}, err
	}
	key, err := k.vault.Unwrap(event, wrapped, day)
	if err != nil {
		return Key{}, err
	}
	k.keep(event, key, day)
	return key, nil
}

// Forget drops an event's key, to be called when it was wrapped anew for another
// day.
func (k *Keyring) Forget(event string) { k.kept.Remove(event) }

func (k *Keyring) lookUp(event string) (Key, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.turn()
	return k.kept.Get(event)
}

// keep stores a key, unless its day passed while it was being unwrapped.
func (k *Keyring) keep(event string, key Key, day Day) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if day >= k.day {
		k.kept.Add(event, key)
	}
}

// turn forgets all keys when the vault has come to another day.
func (k *Keyring) turn() {
	if today := k.vault.Today(); today != k.day {
		k.kept.Purge()
		k.day = today
	}
}
