package sqlite

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// waiting returns when so many goroutines stand before the writer. The store
// itself cannot tell: who has not been taken is in no list.
func waiting(t *testing.T, want int) {
	t.Helper()
	stacks := make([]byte, 1<<20)
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
		all := string(stacks[:runtime.Stack(stacks, true)])
		standing := 0
		for _, stack := range strings.Split(all, "\n\n") {
			if strings.Contains(stack, "[select") && strings.Contains(stack, "(*backend).submit(") {
				standing++
			}
		}
		if standing >= want {
			return
		}
	}
	t.Fatalf("%d writers never stood in line", want)
}
