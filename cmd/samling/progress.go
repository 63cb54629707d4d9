package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"

	"samling/store"
)

// isTerminal reports whether a person reads what is written there.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && isatty.IsTerminal(f.Fd())
}

// tellEvery is how often a program or a file is told how far a copy has come.
const tellEvery = 10 * time.Second

// progress shows how far a copy has come: with a bar for each collection on a
// terminal, else with a line now and then.
type progress struct {
	s    *session
	bar  *progressbar.ProgressBar // nil: no terminal, or nothing to show yet
	last store.Step
	told time.Time
}

func newProgress(s *session) *progress { return &progress{s: s} }

func (p *progress) step(at store.Step) {
	fresh := p.bar == nil || p.last.Work != at.Work || p.last.Collection != at.Collection
	p.last = at
	says := p.s.speak.T(map[store.Work]string{
		store.Waiting: "command.migrate-waiting", store.Copying: "command.migrate-copying", store.Verifying: "command.migrate-verifying",
	}[at.Work], "Collection", at.Collection)
	switch {
	case at.Work == store.Waiting:
		fmt.Fprintln(p.s.stderr, says)
	case isTerminal(p.s.stderr):
		if fresh {
			p.end()
			p.bar = progressbar.NewOptions(at.Of, progressbar.OptionSetWriter(p.s.stderr), progressbar.OptionSetDescription(says),
				progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString(""), progressbar.OptionThrottle(100*time.Millisecond),
				progressbar.OptionSetWidth(30), progressbar.OptionClearOnFinish())
		}
		_ = p.bar.Set(min(at.Documents, at.Of)) // a bar that cannot be drawn stops no copy
	case p.s.now().Sub(p.told) >= tellEvery:
		p.told = p.s.now()
		fmt.Fprintf(p.s.stderr, "%s: %d/%d\n", says, at.Documents, at.Of)
	}
}

// end takes the bar away, so that what is said next stands alone.
func (p *progress) end() {
	if p.bar != nil {
		_ = p.bar.Clear()
		p.bar = nil
	}
}
