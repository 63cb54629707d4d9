package main

import (
	"math"
	"runtime/debug"
	runtimemetrics "runtime/metrics"
)

// usualMemory is what the Go runtime keeps itself to, in bytes. The catalogue is
// never garbage, but left alone the collector lets garbage take as much room again
// before it begins.
const usualMemory = 300 << 20

// thrifty keeps the process small, and has the collector rest while the catalogue
// is read, for nothing of that can be thrown away. read is to be called when it
// was: it makes room where the catalogue needs more than usual. Who has set
// GOMEMLIMIT knows better.
func thrifty() (read func()) {
	if debug.SetMemoryLimit(-1) != math.MaxInt64 {
		return func() {}
	}
	debug.SetMemoryLimit(usualMemory)
	percent := debug.SetGCPercent(-1)
	return func() {
		live := []runtimemetrics.Sample{{Name: "/gc/heap/live:bytes"}}
		runtimemetrics.Read(live)
		debug.SetMemoryLimit(max(usualMemory, int64(live[0].Value.Uint64())/2*3))
		debug.SetGCPercent(percent)
	}
}
