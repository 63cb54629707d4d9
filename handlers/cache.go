package handlers

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// cache keeps the latest used of what could be made again, bounded in number and
// in bytes: what is asked for may be chosen by somebody who wishes us ill.
type cache[K comparable, V sized] struct {
	mu    sync.Mutex
	kept  *simplelru.LRU[K, V]
	bytes int
	most  int // bytes; a single larger thing is kept all the same
}

// sized is something that knows how many bytes it takes. That never changes.
type sized interface{ size() int }

func newCache[K comparable, V sized](number, bytes int) *cache[K, V] {
	c := &cache[K, V]{most: bytes}
	kept, err := simplelru.NewLRU(number, func(_ K, gone V) { c.bytes -= gone.size() })
	if err != nil {
		panic(err) // only for a number below one
	}
	c.kept = kept
	return c
}

// get is what is kept by a key; the zero value when that is nothing.
func (c *cache[K, V]) get(key K) V {
	c.mu.Lock()
	defer c.mu.Unlock()
	found, _ := c.kept.Get(key)
	return found
}

func (c *cache[K, V]) put(key K, made V) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Remove(key) // so that its bytes are counted out
	c.kept.Add(key, made)
	c.bytes += made.size()
	for c.bytes > c.most && c.kept.Len() > 1 {
		c.kept.RemoveOldest()
	}
}
