package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// service is two instances on one database, each on a machine of its own.
type service struct {
	*city
	machines [2]*city
	servers  [2]*server
	door     *door
}

// newService has founded a city and serves it twice. ahead is how far the second
// clock is.
func newService(t *testing.T, ahead time.Duration) *service {
	t.Helper()
	c, d := newMongoCity(t)
	token := c.founded(t)
	other := c.machine(t)
	other.ahead = ahead
	s := &service{city: c, machines: [2]*city{c, other}, door: d}
	for n, machine := range s.machines {
		s.servers[n] = machine.serve(t, token)
	}
	return s
}

// eachSees waits until both instances have an event in their feeds.
func (s *service) eachSees(t *testing.T, title string) {
	t.Helper()
	for n, one := range s.servers {
		eventually(t, 2*time.Second, func() (any, bool) {
			_, feed := one.call(t, "GET", "/feeds/all.ics", "", "")
			return fmt.Sprintf("instance %d: %s", n, feed), strings.Contains(string(feed), "SUMMARY:"+title)
		})
	}
}

// person is somebody in a crowd, and what she was answered.
type person struct {
	party  int
	status string
}

// crowd is many who sign up, and what each was answered.
type crowd struct {
	mu       sync.Mutex
	waves    int // how often come was called
	answered map[string]person
	refused  map[int]int // statuses of the others; 0: the connection broke
}

func newCrowd() *crowd { return &crowd{answered: map[string]person{}, refused: map[int]int{}} }

func (c *crowd) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.answered)
}

// come has so many sign up over so many connections, in parties of one to four,
// by turns at each of the instances that to gives. It returns when all have been
// answered.
func (c *crowd) come(t *testing.T, people, connections int, event string, to func(n int) *server) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: connections, MaxConnsPerHost: connections}, Timeout: 30 * time.Second}
	defer client.CloseIdleConnections()
	began := time.Now()
	c.waves++
	wave := c.waves
	var next atomic.Int64
	var all sync.WaitGroup
	for range connections {
		all.Go(func() {
			for n := int(next.Add(1)); n <= people; n = int(next.Add(1)) {
				c.one(client, to(n), event, fmt.Sprintf("p%d-%d@example.net", wave, n), 1+n%4)
			}
		})
	}
	all.Wait()
	t.Logf("%d over %d connections: %.1f s", people, connections, time.Since(began).Seconds())
}

func (c *crowd) one(client *http.Client, to *server, event, address string, party int) {
	body := fmt.Sprintf(`{"name":"Provperson","email":%q,"party":%d,"consent":true,"language":"sv"}`, address, party)
	var said struct {
		Status string
		Party  int
	}
	status := 0
	answer, err := client.Post(to.address+"/api/v1/events/"+event+"/rsvps", "application/json", strings.NewReader(body))
	if err == nil {
		status = answer.StatusCode
		if err := json.NewDecoder(answer.Body).Decode(&said); err != nil && status == http.StatusCreated {
			status = 0
		}
		_ = answer.Body.Close()
		if status == http.StatusServiceUnavailable && answer.Header.Get("Retry-After") == "" {
			status = -1 // which no test takes
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if status == http.StatusCreated {
		c.answered[address] = person{said.Party, said.Status}
	} else {
		c.refused[status]++
	}
}

// comeUntil has people come until so many were answered. On a machine that is busy
// with other things some are asked to come again later, which is true too.
func (c *crowd) comeUntil(t *testing.T, people, connections int, event string, to func(n int) *server) {
	t.Helper()
	for range 10 {
		if len(c.answered) >= people {
			break
		}
		c.come(t, people-len(c.answered), connections, event, to)
	}
	if len(c.answered) != people || c.refused[http.StatusServiceUnavailable] != sum(c.refused) {
		t.Errorf("%d answered, refused: %v", len(c.answered), c.refused)
	}
}

func sum(counts map[int]int) (all int) {
	for _, n := range counts {
		all += n
	}
	return all
}

// judge holds the list and the mail against what everybody was answered. All of
// the seats are taken, by whole parties; each has got one first mail, and at most
// so many of them twice, the very same.
func (s *service) judge(t *testing.T, c *crowd, event string, seats, doubledAtMost int) {
	t.Helper()
	var list struct {
		Going     int
		Attendees []struct {
			Email, Status string
			Party         int
		}
	}
	eventually(t, time.Minute, func() (any, bool) {
		status, text := s.servers[0].call(t, "GET", "/api/v1/events/"+event+"/attendance", s.servers[0].token, "")
		return string(text), status == http.StatusOK && json.Unmarshal(text, &list) == nil
	})
	is, going := map[string]person{}, 0
	for _, a := range list.Attendees {
		if _, twice := is[a.Email]; twice {
			t.Errorf("%s is there twice", a.Email)
		}
		is[a.Email] = person{a.Party, a.Status}
		if a.Status == "going" {
			going += a.Party
		}
	}
	for address, was := range c.answered {
		if is[address] != was {
			t.Errorf("%s was told %+v and is %+v", address, was, is[address])
		}
	}
	if going != seats || list.Going != seats {
		t.Errorf("%d people going, %d counted, for %d seats", going, list.Going, seats)
	}
	began := time.Now()
	eventually(t, 3*time.Minute, func() (any, bool) {
		if s.post.count() < len(is) {
			return fmt.Sprintf("%d mails for %d", s.post.count(), len(is)), false
		}
		told := len(s.post.all())
		return fmt.Sprintf("%d of %d were told", told, len(is)), told >= len(is)
	})
	// Whoever would be told once more would be so by now.
	for _, one := range s.servers {
		eventually(t, time.Minute, func() (any, bool) {
			_, text := one.call(t, "GET", "/readyz", "", "")
			return string(text), strings.Contains(string(text), "ready") && !strings.Contains(string(text), "oldest")
		})
	}
	doubled, post := 0, s.post.all()
	for address, p := range is {
		mails := post[address]
		if len(mails) == 0 {
			t.Errorf("%s was not told", address)
			continue
		}
		for _, m := range mails {
			if m.id != mails[0].id || (m.method() == "REQUEST") != (p.status == "going") {
				t.Errorf("%s is %s and got %q as %s", address, p.status, m.Subject, m.id)
			}
		}
		doubled += len(mails) - 1
	}
	if doubled > doubledAtMost {
		t.Errorf("%d mails came twice, want %d at most", doubled, doubledAtMost)
	}
	t.Logf("told after %.1f s", time.Since(began).Seconds())
	t.Logf("%d answered, refused %v, %d on the list, %d going, %d mails doubled", len(c.answered), c.refused, len(is), going, doubled)
}

const people, connections, seats = 2000, 100, 500

func TestMongo_TwoInstances(t *testing.T) {
	s := newService(t, 0)
	event := s.servers[0].event(t, townHall("Gårdsfest", seats))
	s.eachSees(t, "Gårdsfest")
	c := newCrowd()
	c.comeUntil(t, people, connections, event, func(n int) *server { return s.servers[n%2] })
	s.judge(t, c, event, seats, 0)
}

// One of two is killed in the middle, three times over.
func TestMongo_OneIsKilled(t *testing.T) {
	const kills = 3
	s := newService(t, 0)
	event := s.servers[0].event(t, townHall("Gårdsfest", seats))
	s.eachSees(t, "Gårdsfest")
	c := newCrowd()
	var victim atomic.Pointer[server]
	victim.Store(s.servers[1])
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.come(t, people, connections, event, func(n int) *server { return []*server{s.servers[0], victim.Load()}[n%2] })
	}()
	for n := 1; n <= kills; n++ {
		eventually(t, time.Minute, func() (any, bool) { got := c.count(); return got, got >= n*people/8 })
		victim.Load().kill()
		victim.Store(s.machines[1].serve(t, s.servers[0].token))
	}
	<-done
	s.servers[1] = victim.Load()
	if c.refused[0] == 0 || c.refused[0]+c.refused[http.StatusServiceUnavailable] != sum(c.refused) {
		t.Errorf("refused: %v, want those whose connection broke", c.refused)
	}
	s.judge(t, c, event, seats, kills*4) // one for each connection to the mail server
}

// The database is away from all for ten seconds.
func TestMongo_DatabaseAway(t *testing.T) {
	s := newService(t, 0)
	event := s.servers[0].event(t, townHall("Gårdsfest", seats))
	s.eachSees(t, "Gårdsfest")
	c := newCrowd()
	both := func(n int) *server { return s.servers[n%2] }
	c.comeUntil(t, people/4, connections, event, both)
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.come(t, people/2, connections, event, both)
	}()
	eventually(t, time.Minute, func() (any, bool) { got := c.count(); return got, got > people/4+100 })
	s.door.shut()
	back := time.After(10 * time.Second)
	for n, one := range s.servers {
		for _, path := range []string{"/", "/feeds/all.ics", "/api/v1/events/" + event} {
			began := time.Now()
			status, text := one.call(t, "GET", path, "", "")
			if took := time.Since(began); status != http.StatusOK || !strings.Contains(string(text), "Gårdsfest") || took > 3*time.Second {
				t.Errorf("instance %d: %s: %d after %v", n, path, status, took)
			}
		}
		if status, _ := one.call(t, "GET", "/healthz", "", ""); status != http.StatusOK {
			t.Errorf("instance %d: healthz %d", n, status)
		}
	}
	for n, one := range s.servers {
		if status, _ := one.call(t, "GET", "/readyz", "", ""); status != http.StatusServiceUnavailable {
			t.Errorf("instance %d: readyz %d", n, status)
		}
	}
	<-back
	s.door.open(t)
	for _, one := range s.servers {
		eventually(t, 10*time.Second, func() (any, bool) {
			status, text := one.call(t, "GET", "/readyz", "", "")
			return string(text), status == http.StatusOK
		})
	}
	<-done
	if c.refused[http.StatusServiceUnavailable] == 0 {
		t.Errorf("nobody was refused while it was away: %v", c.refused)
	}
	c.comeUntil(t, people, connections, event, both)
	s.judge(t, c, event, seats, 0)
}

// The clock of one instance is two minutes ahead, as the other one sees it.
func TestMongo_ClockAhead(t *testing.T) {
	s := newService(t, 2*time.Minute)
	event := s.servers[0].event(t, townHall("Gårdsfest", seats))
	s.eachSees(t, "Gårdsfest")
	// Either sees what the other has changed, whichever came first.
	for n, title := range []string{"Sommarfest", "Höstfest", "Vinterfest", "Gårdsfest"} {
		editor, other := s.servers[1-n%2], s.servers[n%2]
		_, before := other.call(t, "GET", "/feeds/all.ics", "", "")
		editor.api(t, http.StatusOK, "PATCH", "/events/"+event, fmt.Sprintf(`{"title":%q}`, title))
		s.eachSees(t, title)
		if _, after := other.call(t, "GET", "/feeds/all.ics", "", ""); calendarValue(string(after), "SEQUENCE") < calendarValue(string(before), "SEQUENCE") {
			t.Errorf("the sequence falls:\n%s", after)
		}
	}
	c := newCrowd()
	c.comeUntil(t, people, connections, event, func(n int) *server { return s.servers[n%2] })
	s.judge(t, c, event, seats, 0)
}

var mailedCode = regexp.MustCompile(`(\d{3})[  ](\d{3})`)

// Five tries at a code, whichever instance is asked.
func TestMongo_OneTimeCodes(t *testing.T) {
	t.Parallel()
	s := newService(t, 0)
	const email = "kansliet@example.org"
	enter := func(n int, form url.Values) int {
		r, err := http.NewRequestWithContext(t.Context(), "POST", s.servers[n%2].address+"/sign-in", strings.NewReader(form.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer, err := http.DefaultTransport.RoundTrip(r) // which follows no redirect
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		return answer.StatusCode
	}
	for round, c := range []struct {
		wrong, want int
	}{{4, http.StatusSeeOther}, {5, http.StatusUnprocessableEntity}, {60, http.StatusUnprocessableEntity}} {
		before := len(s.post.to(email))
		if status := enter(round, url.Values{"email": {email}}); status != http.StatusOK {
			t.Fatalf("asking for a code: %d", status)
		}
		s.expect(t, email, before+1)
		code := mailedCode.FindStringSubmatch(s.post.to(email)[before].Text)
		if code == nil {
			t.Fatalf("no code in\n%s", s.post.to(email)[before].Text)
		}
		right := code[1] + code[2]
		wrong := right[:5] + string('0'+(right[5]-'0'+1)%10)
		var guessing sync.WaitGroup
		for n := range c.wrong {
			guessing.Go(func() {
				if status := enter(n, url.Values{"email": {email}, "code": {wrong}}); status != http.StatusUnprocessableEntity {
					t.Errorf("a wrong code: %d", status)
				}
			})
		}
		guessing.Wait()
		if status := enter(round+1, url.Values{"email": {email}, "code": {right}}); status != c.want {
			t.Errorf("the right code after %d wrong ones: %d, want %d", c.wrong, status, c.want)
		}
	}
}
