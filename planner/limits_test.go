package planner

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"samling/models"
)

// instances are two planners on one store, both limiting.
func (c *city) instances() [2]*Planner {
	c.t.Helper()
	config := c.Config
	config.Limits = true
	var out [2]*Planner
	for i := range out {
		out[i] = New(config)
		if err := out[i].Refresh(c.ctx); err != nil {
			c.t.Fatal(err)
		}
	}
	return out
}

func (c *city) signUpAt(p *Planner, e models.Event, name, email string) (models.Answer, error) {
	return p.SignUp(c.ctx, e.ID, models.SignUp{Name: name, Email: email, Party: 1, Consent: true}, nil)
}

func TestLimits_TwoInstances(t *testing.T) {
	c := newCity(t)
	p := c.instances()
	rate := models.SignUpRate()
	var events []models.Event
	for range 10*rate.Burst + 2 {
		events = append(events, c.published(100))
	}
	for _, p := range p {
		if err := p.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 10 * rate.Burst {
		want := models.AnswerGoing
		if i >= rate.Burst {
			want = models.AnswerConfirm
		}
		email := []string{"ada@example.org", "ADA@Example.org"}[i/2%2] // one to whoever counts
		if a, err := c.signUpAt(p[i%2], events[i], "Ada", email); err != nil || a.Status != want {
			t.Fatalf("sign-up %d: %+v, %v, want %s", i, a, err, want)
		}
	}
	for _, p := range p {
		_, err := c.signUpAt(p, events[len(events)-1], "Ada", "ada@example.org")
		wantCode(t, "a machine", err, models.CodeTooMany)
	}
	if n := must(c.Store.Rosters.Get(c.ctx, events[len(events)-1].ID)); len(n.Entries) > 0 {
		t.Errorf("what was refused is on the list: %+v", n.Entries)
	}
	if a, err := c.signUpAt(p[1], events[0], "Bo", "bo@example.org"); err != nil || a.Status != models.AnswerGoing {
		t.Errorf("somebody else: %+v, %v", a, err)
	}
	// Organisers add whom they like.
	for i := range 2 * rate.Burst {
		if a, err := p[0].SignUp(c.ctx, events[i].ID, models.SignUp{Name: "Cem", Email: "cem@example.org", Party: 1}, Command()); err != nil || a.Status != models.AnswerGoing {
			t.Errorf("by hand: %+v, %v", a, err)
		}
	}
	// Nor does a new process forget.
	_, err := c.signUpAt(c.instances()[0], events[len(events)-1], "Ada", "ada@example.org")
	wantCode(t, "after a restart", err, models.CodeTooMany)
}

// Of many at once on two instances no more are trusted than of many in a row.
func TestLimits_AtOnce(t *testing.T) {
	c := newCity(t)
	p := c.instances()
	var events []models.Event
	for range 40 {
		events = append(events, c.published(0))
	}
	for _, p := range p {
		if err := p.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	var got sync.Map
	count := func(what string) {
		n, _ := got.LoadOrStore(what, new(atomic.Int64))
		n.(*atomic.Int64).Add(1)
	}
	var all sync.WaitGroup
	for i, e := range events {
		all.Go(func() {
			a, err := c.signUpAt(p[i%2], e, "Ada", "ada@example.org")
			count(a.Status + string(models.CodeOf(err)))
		})
	}
	all.Wait()
	burst := int64(models.SignUpRate().Burst)
	for what, want := range map[string]int64{models.AnswerGoing: burst, models.AnswerConfirm: 9 * burst, string(models.CodeTooMany): 40 - 10*burst} {
		if n, ok := got.Load(what); !ok || n.(*atomic.Int64).Load() != want {
			t.Errorf("%s: %v, want %d", what, n, want)
		}
	}
}

func TestLimits_SignInsAndCodes(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	p := c.instances()
	for _, email := range []string{o.Email, "nobody@example.org"} {
		for name, s := range map[string]struct {
			burst int
			want  models.Code
			try   func(p *Planner) error
		}{
			"sign-in": {models.SignInRate().Burst, "", func(p *Planner) error { return p.RequestSignIn(c.ctx, email) }},
			"code":    {models.CodeRate().Burst, models.CodeNotSignedIn, func(p *Planner) error { _, err := p.SpendCode(c.ctx, email, "wrong", Browser{}); return err }},
		} {
			for i := range s.burst + 2 {
				want := s.want
				if i >= s.burst {
					want = models.CodeTooMany
				}
				wantCode(t, fmt.Sprintf("%s %d of %s", name, i, email), s.try(p[i%2]), want)
			}
		}
	}
}

// One code signs in once, whichever instances are asked.
func TestSignIn_OneCodeManyInstances(t *testing.T) {
	c := newCity(t)
	o := c.organiser()
	p := c.instances()
	link := must(c.CreateSignIn(c.ctx, o.ID, models.SignInLasts))
	s, _, err := c.SignIn(c.ctx, link)
	if err != nil {
		t.Fatal(err)
	}
	code := c.vault.Code(SignInPurpose, s.ID)
	var in atomic.Int64
	var all sync.WaitGroup
	for i := range 12 {
		all.Go(func() {
			if _, err := p[i%2].SpendCode(c.ctx, o.Email, code, Browser{}); err == nil {
				in.Add(1)
			}
		})
	}
	all.Wait()
	if in.Load() != 1 {
		t.Errorf("one code signed in %d times", in.Load())
	}
}

func TestSweepLimits(t *testing.T) {
	c := newCity(t)
	p := c.instances()
	e := c.published(100)
	for _, p := range p {
		if err := p.Refresh(c.ctx); err != nil {
			t.Fatal(err)
		}
	}
	sweep := func(want int) {
		t.Helper()
		if err := p[1].SweepLimits(c.ctx); err != nil {
			t.Fatal(err)
		}
		if n := must(c.Store.Limits.Count(c.ctx, models.Query{})); n != want {
			t.Errorf("%d limits, want %d", n, want)
		}
	}
	must(c.signUpAt(p[0], e, "Ada", "ada@example.org"))
	c.pass(5 * time.Minute)
	must(c.signUpAt(p[0], e, "Bo", "bo@example.org"))
	for l, err := range c.Store.Limits.List(c.ctx, models.Query{}) {
		if err != nil || len(l.ID) != 64 {
			t.Errorf("limit %q, %v: want a hash", l.ID, err)
		}
	}
	sweep(2)
	c.pass(5*time.Minute + time.Millisecond)
	sweep(1)
	c.pass(time.Hour)
	sweep(0)
	// Swept between one look and the next: it is made anew.
	must(c.signUpAt(p[0], e, "Ada", "ada@example.org"))
	sweep(1)
}

func TestLimits_StoreAway(t *testing.T) {
	c := newCity(t)
	p := c.instances()[0]
	e := c.published(100)
	if err := p.Refresh(c.ctx); err != nil {
		t.Fatal(err)
	}
	must(c.signUpAt(p, e, "Ada", "ada@example.org"))
	if err := c.Store.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := c.signUpAt(p, e, "Bo", "bo@example.org")
	wantCode(t, "a sign-up", err, models.CodeUnavailable)
	wantCode(t, "a sign-in", p.RequestSignIn(c.ctx, "ada@example.org"), models.CodeUnavailable)
	_, err = p.SpendCode(c.ctx, "ada@example.org", "123456", Browser{})
	wantCode(t, "a code", err, models.CodeUnavailable)
	if err := p.SweepLimits(c.ctx); err == nil {
		t.Error("a sweep without a store says that all is well")
	}
}
