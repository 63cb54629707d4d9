package handlers

import (
	"context"
	"database/sql"
	"fmt"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"
	_ "modernc.org/sqlite" // for the bare handler that inserts a row

	"samling/models"
)

// Each benchmark measures our whole server, its access log going to a file,
// beside the barest Fiber handler that does the same, both over loopback HTTP, in
// turns so that both see the same machine. "of-bare" is how many of the bare
// one's requests ours answers in the same time.

// connections that ask at once.
const connections = 64

// listening serves an application and returns its address.
func listening(b *testing.B, serve func(net.Listener) error) string {
	b.Helper()
	l := must(net.Listen("tcp", "127.0.0.1:0"))
	go func() { _ = serve(l) }()
	b.Cleanup(func() { _ = l.Close() })
	return l.Addr().String()
}

// client asks one server over many connections.
type client struct {
	host    *fasthttp.HostClient
	request func(r *fasthttp.Request, n int)
	status  int
	sent    int
}

// batch sends that many requests and returns how long they took.
func (c *client) batch(b *testing.B, size int) time.Duration {
	b.Helper()
	began := time.Now()
	var all sync.WaitGroup
	for worker := range connections {
		all.Go(func() {
			r, a := fasthttp.AcquireRequest(), fasthttp.AcquireResponse()
			defer fasthttp.ReleaseRequest(r)
			defer fasthttp.ReleaseResponse(a)
			for i := worker; i < size; i += connections {
				r.Reset()
				c.request(r, c.sent+i)
				if err := c.host.Do(r, a); err != nil || a.StatusCode() != c.status {
					b.Errorf("status %d, want %d: %v: %.200s", a.StatusCode(), c.status, err, a.Body())
					return
				}
			}
		})
	}
	all.Wait()
	c.sent += size
	return time.Since(began)
}

func asking(host string, status int, request func(r *fasthttp.Request, n int)) *client {
	return &client{host: &fasthttp.HostClient{Addr: host, MaxConns: connections}, status: status, request: request}
}

// beside measures ours beside the bare one. The ratio is the median of those of
// neighbouring batches: what else the machine does spoils few of them.
func beside(b *testing.B, ours, bare *client, size int) {
	b.Helper()
	ours.batch(b, size) // both warm
	bare.batch(b, size)
	var ratios []float64
	var all time.Duration
	b.ResetTimer()
	for b.Loop() {
		z, a := bare.batch(b, size), ours.batch(b, size)
		ratios = append(ratios, float64(z)/float64(a))
		all += a
	}
	slices.Sort(ratios)
	b.ReportMetric(ratios[len(ratios)/2], "of-bare")
	b.ReportMetric(float64(len(ratios)*size)/all.Seconds(), "req/s")
	b.ReportMetric(0, "ns/op")
}

// benchCity logs to a file and has 400 events.
func benchCity(b *testing.B) *city {
	b.Helper()
	log := must(os.Create(filepath.Join(b.TempDir(), "log")))
	b.Cleanup(func() { _ = log.Close() })
	lines, flush := NewLog(log)
	b.Cleanup(flush)
	c := newCityWith(b, func(config *Config) { config.Log, config.TrustedProxies = lines, []string{"127.0.0.1"} })
	office := must(c.Planner.ByToken(c.ctx, c.office, models.ScopeReadEvents))
	for i := range 400 {
		e := must(c.Planner.CreateEvent(c.ctx, office, models.Event{
			Kind: models.TownHall, Host: []string{"husie", "videdal"}[i%2], Starts: tuesday.Add(time.Duration(i+1) * 12 * time.Hour),
			Text:  models.Text{Title: fmt.Sprintf("Öppet möte nummer %d om det som är viktigt här", i), Summary: "Kom och säg vad du tycker.", Description: "Vi bjuder på fika.\n\nAlla är välkomna, *även barn*."},
			Place: models.Place{Name: "Folkets hus", Address: "Storgatan 1"}, SignUp: models.SignUpRules{Needed: true},
		}))
		must(c.Planner.MoveEvent(c.ctx, office, e.ID, time.Time{}, models.Publish, ""))
	}
	c.pass(time.Minute)
	return c
}

// echo is a bare Fiber handler that sends the same answer.
func echo(b *testing.B, a answer) string {
	b.Helper()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	body := []byte(a.body)
	app.Get("/*", func(c *fiber.Ctx) error {
		for name, values := range a.Header {
			if name != "Date" && name != "Content-Length" {
				c.Set(name, values[0])
			}
		}
		return c.Status(a.StatusCode).Send(body)
	})
	return listening(b, app.Listener)
}

func reading(host, path string, headers ...string) func(*fasthttp.Request, int) {
	return func(r *fasthttp.Request, _ int) {
		r.SetRequestURI("http://" + host + path)
		for i := 0; i+1 < len(headers); i += 2 {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
}

func BenchmarkReading(b *testing.B) {
	c := benchCity(b)
	ours := listening(b, c.Serve)
	tag := c.ask("GET", "/feeds/all.ics", "", "Accept-Encoding", "gzip").Header.Get("ETag")
	slug := c.Planner.Catalogue().Events[7].Slug
	for _, s := range []struct {
		name, path string
		status     int
		headers    []string
	}{
		{"feed gzip", "/feeds/all.ics", 200, []string{"Accept-Encoding", "gzip"}},
		{"feed 304", "/feeds/all.ics", 304, []string{"Accept-Encoding", "gzip", "If-None-Match", tag}},
		{"feed 304 by query", "/feeds/events.ics?association=husie&association=videdal&x=1", 304, []string{"Accept-Encoding", "gzip", "If-None-Match", "*"}},
		{"list page", "/", 200, []string{"Accept-Encoding", "gzip"}},
		{"event page", "/events/" + slug, 200, []string{"Accept-Encoding", "gzip"}},
		{"event file", "/events/" + slug + ".ics", 200, nil},
		{"api event", "/api/v1/events/" + slug, 200, nil},
		{"api 100 events", "/api/v1/events", 200, nil},
	} {
		b.Run(s.name, func(b *testing.B) {
			bare := echo(b, c.ask("GET", s.path, "", s.headers...).want(b, s.status))
			size := 1280
			if s.name == "api 100 events" {
				size = 128
			}
			beside(b, asking(ours, s.status, reading(ours, s.path, s.headers...)), asking(bare, s.status, reading(bare, s.path, s.headers...)), size)
		})
	}
}

// BenchmarkSignUp signs people up for one event without a limit of seats, while
// the mails to them are put into the outbox, beside a bare handler that inserts
// one row, many of which share a commit, in SQLite set as ours is.
func BenchmarkSignUp(b *testing.B) {
	c := benchCity(b)
	ctx, cancel := context.WithCancel(c.ctx)
	var running sync.WaitGroup
	running.Go(func() { c.Planner.Run(ctx) })
	b.Cleanup(func() { cancel(); running.Wait() })
	ours := listening(b, c.Serve)
	bare := listening(b, inserting(b).Listener)
	sending := func(host, path string) func(*fasthttp.Request, int) {
		return func(r *fasthttp.Request, n int) {
			r.Header.SetMethod("POST")
			r.Header.SetContentType("application/json")
			r.SetRequestURI("http://" + host + path)
			r.Header.Set("X-Forwarded-For", netip.AddrFrom4([4]byte{203, byte(n >> 16), byte(n >> 8), byte(n)}).String())
			r.SetBodyString(fmt.Sprintf(`{"name":"Person %d","email":"p%d@example.org","party":1,"consent":true,"language":"sv"}`, n, n))
		}
	}
	at := c.published(roomy) + "/rsvps"
	us, them := asking(ours, 201, sending(ours, at)), asking(bare, 201, sending(bare, "/"))
	var a, z time.Duration
	rounds, size := 0, 640
	b.ResetTimer()
	for b.Loop() {
		// From none to 5,000 on one event, then on the next: what one costs grows
		// with those before it.
		if us.sent+size > 5000 {
			b.StopTimer()
			at = c.published(roomy) + "/rsvps"
			us.request, us.sent = sending(ours, at), 0
			b.StartTimer()
		}
		z += them.batch(b, size)
		a += us.batch(b, size)
		rounds++
	}
	b.ReportMetric(float64(z)/float64(a), "of-bare")
	b.ReportMetric(float64(rounds*size)/a.Seconds(), "sign-ups/s")
	b.ReportMetric(float64(rounds*size)/z.Seconds(), "bare/s")
	b.ReportMetric(0, "ns/op")
}

// inserting is a bare Fiber handler that inserts the body as one row and answers
// when it is durable; all that wait share a commit.
func inserting(b *testing.B) *fiber.App {
	b.Helper()
	db := must(sql.Open("sqlite", "file:"+filepath.Join(b.TempDir(), "bare.db")+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_txlock=immediate"))
	db.SetMaxOpenConns(1)
	must(db.Exec("CREATE TABLE rows (id INTEGER PRIMARY KEY, body BLOB NOT NULL)"))
	type row struct {
		body []byte
		done chan error
	}
	rows := make(chan row, 1024)
	ctx, cancel := context.WithCancel(context.Background())
	b.Cleanup(func() { cancel(); _ = db.Close() })
	go func() {
		for {
			var batch []row
			select {
			case <-ctx.Done():
				return
			case r := <-rows:
				batch = append(batch, r)
			}
			for more := true; more; {
				select {
				case r := <-rows:
					batch = append(batch, r)
				default:
					more = false
				}
			}
			tx, err := db.Begin()
			for _, r := range batch {
				if err == nil {
					_, err = tx.Exec("INSERT INTO rows (body) VALUES (?)", r.body)
				}
			}
			if err == nil {
				err = tx.Commit()
			}
			for _, r := range batch {
				r.done <- err
			}
		}
	}()
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/", func(c *fiber.Ctx) error {
		r := row{append([]byte(nil), c.Body()...), make(chan error, 1)}
		rows <- r
		if err := <-r.done; err != nil {
			return err
		}
		return c.Status(201).SendString(`{"status":"going","party":1}`)
	})
	return app
}
