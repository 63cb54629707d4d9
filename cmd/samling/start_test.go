package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkStart starts serve with 100,000 events and 1,000,000 sign-ups, on
// SQLite and, where SAMLING_TEST_MONGODB names a server, on MongoDB. It reports
// the time from the start of the process to the whole of the first feed, and the
// process's memory some seconds later: what is resident, and the most that was.
// The store is made first, which takes minutes; SAMLING_BENCH_FOLDER names a
// folder that keeps it from one run to the next, as the server then keeps its
// database samling_start.
func BenchmarkStart(b *testing.B) {
	folder, server := os.Getenv("SAMLING_BENCH_FOLDER"), os.Getenv("SAMLING_TEST_MONGODB")
	stores := map[string]string{}
	if server != "" && folder != "" {
		stores["mongodb"] = strings.TrimSuffix(server, "/") + "/samling_start"
	} else if server != "" {
		stores["mongodb"] = newDatabase(b, server).String()
	}
	if folder == "" {
		folder = b.TempDir()
	}
	stores["sqlite"] = "sqlite:" + filepath.Join(folder, "samling.db")
	for name, address := range stores {
		b.Run(name, func(b *testing.B) {
			keys := filepath.Join(folder, name+".key")
			if _, err := os.Stat(keys); err != nil {
				country{events: 100_000, parties: 10, associations: 3000, today: time.Now()}.settle(b.Context(), b, address, keys)
			}
			var first, worked time.Duration
			var resident, most float64
			b.ResetTimer()
			for b.Loop() {
				took, cpu, status := started(b, "SAMLING_STORE="+address, "SAMLING_KEY_FILE="+keys)
				first, worked = first+took, worked+cpu
				resident, most = max(resident, status["VmRSS"]), max(most, status["VmHWM"])
			}
			b.ReportMetric(first.Seconds()/float64(b.N), "s-to-feed")
			b.ReportMetric(worked.Seconds()/float64(b.N), "cpu-s-to-feed")
			b.ReportMetric(resident, "MB-resident")
			b.ReportMetric(most, "MB-most")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// started runs a serve until its first feed was read and its loops have come
// round, and returns how long the feed took, how long processors had worked for
// it, and what Linux says of its memory.
func started(b *testing.B, environ ...string) (feed, cpu time.Duration, status map[string]float64) {
	b.Helper()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.CommandContext(context.WithoutCancel(b.Context()), self, "serve")
	cmd.Dir, cmd.Env = b.TempDir(), append(os.Environ(), append(environ, asSamling+"=0s 0s", "SAMLING_URL="+site, "SAMLING_LISTEN=127.0.0.1:0", "SAMLING_SMTP=none")...)
	log := &lockedBuffer{}
	cmd.Stderr = log
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }()
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatalf("serve did not start: %v\n%s", err, log)
	}
	answer, err := http.Get(strings.TrimSpace(address) + "/feeds/all.ics")
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK || strings.Count(string(text), "BEGIN:VEVENT") < 400 {
		b.Fatalf("the first feed: %d, %d bytes, %v", answer.StatusCode, len(text), err)
	}
	feed, cpu = time.Since(began), workOf(b, cmd.Process.Pid)
	time.Sleep(5 * time.Second)
	return feed, cpu, memoryOf(b, cmd.Process.Pid)
}

// workOf is the processor time of a process, which other work on the machine
// changes less than it does time.
func workOf(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Skip("only Linux says how long a process has worked")
	}
	_, fields, _ := strings.Cut(string(text), ") ")
	var ticks time.Duration // hundredths of a second; of the process's own code, and of the kernel's for it
	for _, field := range strings.Fields(fields)[11:13] {
		n, err := strconv.Atoi(field)
		if err != nil {
			b.Fatal(err)
		}
		ticks += time.Duration(n)
	}
	return ticks * time.Second / 100
}

// memoryOf is /proc/PID/status, sizes in megabytes.
func memoryOf(b *testing.B, pid int) map[string]float64 {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		b.Skip("only Linux says how much memory a process has")
	}
	sizes := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(line, ":")
		var kB float64
		if _, err := fmt.Sscanf(strings.TrimSpace(value), "%f kB", &kB); err == nil {
			sizes[name] = kB / 1000
		}
	}
	return sizes
}
