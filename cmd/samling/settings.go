package main

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"net"
	"net/netip"
	"net/url"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"samling/handlers"
	"samling/mailer"
	"samling/models"
	"samling/models/vault"
	"samling/store"
)

// settings are the flags as the program uses them.
type settings struct {
	url             string // without a trailing slash; empty: not given
	listen          string
	metricsListen   string // empty: metrics are served nowhere
	store           string
	keyFile         string
	relay           mailer.Relay
	noMail          bool // it stays in memory
	smtpConnections int
	from            string // empty: none could be made
	dkimKey         string // file; empty: nothing is signed
	dkimSelector    string
	bounce          string // empty: what comes back goes to from
	alert           string // an https address or a command; empty: nobody is called
	name, central   string
	privacy         handlers.Privacy
	access          handlers.Access
	zone, language  string
	retention       time.Duration
	trustedProxies  []string
	limits          bool
}

// settings reads all flags and reports everything that is wrong with them at
// once, what is wrong with the file that some came from included. needed are
// the flags without which the command cannot do its work.
func (f *flags) settings(from *source, languages, needed []string) (settings, error) {
	var faults models.Faults
	for _, l := range from.faults {
		at := from.path
		if l.line > 0 {
			at += ":" + strconv.Itoa(l.line)
		}
		faults.Add(at, l.code, l.with...)
	}
	s := settings{
		store: f.Store, keyFile: f.KeyFile, dkimKey: f.DKIMKey, dkimSelector: f.DKIMSelector, name: f.Name, central: f.Central, zone: f.TimeZone, language: f.Language,
		privacy: handlers.Privacy{Controller: f.Controller, Contact: f.Contact, Processors: f.Processors, Officer: f.Officer},
		access:  handlers.Access{Help: f.Help, KnownFaults: f.KnownFaults},
	}
	s.url = readSite(&faults, f.URL)
	s.listen = readListen(&faults, "SAMLING_LISTEN", f.Listen)
	if f.MetricsListen != "" {
		s.metricsListen = readListen(&faults, "SAMLING_METRICS_LISTEN", f.MetricsListen)
	}
	readStore(&faults, "SAMLING_STORE", f.Store)
	s.relay, s.noMail = readSMTP(&faults, f.SMTP)
	s.smtpConnections = readNumber(&faults, "SAMLING_SMTP_CONNECTIONS", f.SMTPConnections, 1, 100)
	s.from = f.from(&faults, s.url, s.noMail)
	if !selectorLike.MatchString(f.DKIMSelector) {
		faults.Add("SAMLING_DKIM_SELECTOR", "bad-selector", "Value", f.DKIMSelector)
	}

	s.bounce = readBounce(&faults, f.Bounce)
	models.CheckLine(&faults, "SAMLING_NAME", f.Name, true, models.MaxName)
	models.CheckLine(&faults, "SAMLING_CENTRAL", f.Central, false, models.MaxName)
	models.CheckLine(&faults, "SAMLING_CONTROLLER", f.Controller, false, models.MaxLine)
	models.CheckLine(&faults, "SAMLING_CONTACT", f.Contact, false, models.MaxLine)
	models.CheckLine(&faults, "SAMLING_DATA_PROTECTION_OFFICER", f.Officer, false, models.MaxLine)
	models.CheckLine(&faults, "SAMLING_HELP", f.Help, false, models.MaxLine)
	models.CheckLine(&faults, "SAMLING_KNOWN_FAULTS", f.KnownFaults, false, models.MaxNote)
	models.CheckLine(&faults, "SAMLING_PROCESSORS", f.Processors, false, models.MaxNote)
	if _, err := time.LoadLocation(f.TimeZone); err != nil || f.TimeZone == "" || f.TimeZone == "Local" {
		faults.Add("SAMLING_TIME_ZONE", "unknown-zone", "Value", f.TimeZone)
	}
	if !slices.Contains(languages, f.Language) {
		faults.Add("SAMLING_LANGUAGE", "no-such-choice", "Value", f.Language, "Choices", strings.Join(languages, ", "))
	}
	s.retention = readRetention(&faults, f.Retention)
	s.trustedProxies = readProxies(&faults, f.TrustedProxies)
	s.alert = readAlert(&faults, f.Alert)
	s.limits = f.RateLimit == "on"
	if !s.limits && f.RateLimit != "off" {
		faults.Add("SAMLING_RATE_LIMIT", "no-such-choice", "Value", f.RateLimit, "Choices", "on, off")
	}
	for flag, value := range map[string]string{"url": f.URL, "smtp": f.SMTP, "dkim-key": f.DKIMKey} {
		if value == "" && slices.Contains(needed, flag) {
			faults.Add(keyOf(flag), "needed-"+flag)
		}
	}
	sends := s.relay.Host != "" && slices.Contains(needed, "smtp") || slices.Contains(needed, "dkim-key")
	if s.from == "" && s.url != "" && sends {
		faults.Add("SAMLING_FROM", "needed-from")
	}
	if err := faults.Err(); err != nil {
		return s, wrongUse{err}
	}
	return s, nil
}

// readSite takes an address without a path: pages and feeds lie at its root.
func readSite(f *models.Faults, text string) string {
	if text == "" {
		return ""
	}
	site := strings.TrimSuffix(text, "/")
	u, err := url.Parse(site)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Hostname() == "" ||
		u.Path != "" || u.RawQuery != "" || u.Fragment != "" || u.User != nil {
		f.Add("SAMLING_URL", "bad-site", "Value", text)
	}
	return site
}

func readListen(f *models.Faults, key, text string) string {
	_, port, err := net.SplitHostPort(text)
	if n, e := strconv.ParseUint(port, 10, 16); err != nil || e != nil || n > 65535 {
		f.Add(key, "bad-listen", "Value", text)
	}
	return text
}

// readStore does not repeat what it was given: it may hold a password.
func readStore(f *models.Faults, key, text string) {
	err := store.Check(text)
	file, isFile := errors.AsType[*fs.PathError](err)
	switch {
	case err == nil:
	case isFile:
		f.Add(key, "mongodb-file", "File", file.Path, "Reason", file.Err)
	case errors.Is(err, store.ErrNoDatabase):
		f.Add(key, "mongodb-database")
	case errors.Is(err, store.ErrMongoAddress):
		f.Add(key, "mongodb-unreadable")
	default:
		f.Add(key, "bad-store")
	}
}

// readSMTP does not repeat what it was given: it may hold a password.
func readSMTP(f *models.Faults, text string) (relay mailer.Relay, none bool) {
	if text == "" || text == "none" {
		return mailer.Relay{}, text == "none"
	}
	relay, err := mailer.ParseRelay(text)
	if err != nil {
		f.Add("SAMLING_SMTP", err.Error())
	}
	return relay, false
}

// from is the sender of all mail. Without one, samling@ and our own host will
// do, if that host can have mail at all; whoever tries it on one machine is asked
// for nothing.
func (f *flags) from(faults *models.Faults, site string, none bool) string {
	if f.From != "" {
		models.CheckEmail(faults, "SAMLING_FROM", f.From, true)
		return f.From
	}
	u, err := url.Parse(site)
	if err != nil || site == "" {
		return ""
	}
	from := "samling@" + u.Hostname()
	var bad models.Faults
	models.CheckEmail(&bad, "", from, true)
	if _, err := netip.ParseAddr(u.Hostname()); err != nil && bad.Err() == nil {
		return from
	}
	switch {
	case none:
		return "samling@samling.invalid" // it never leaves the house
	case isLoopback(u.Hostname()):
		return "samling@samling.localhost" // RFC 6761 §6.3: nobody else's
	}
	return ""
}

// selectorLike is a selector as RFC 6376 §3.1 has it, in what every DNS takes.
var selectorLike = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$`)

// longestBounce is how long the part before the "@" may be, since "+" and a tag
// follow it, and RFC 5321 §4.5.3.1.1 allows 64 octets.
const longestBounce = 64 - 1 - vault.TagLength

func readBounce(f *models.Faults, text string) string {
	models.CheckEmail(f, "SAMLING_BOUNCE", text, false)
	if local, _, _ := strings.Cut(text, "@"); len(local) > longestBounce {
		f.Add("SAMLING_BOUNCE", "bounce-too-long", "Max", longestBounce)
	}
	return text
}

// readAlert does not repeat an address: it may hold a secret.
func readAlert(f *models.Faults, text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	if strings.Contains(words[0], "://") {
		if u, err := url.Parse(text); err != nil || u.Scheme != "https" || u.Hostname() == "" {
			f.Add("SAMLING_ALERT", "alert-https")
		}
		return text
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		f.Add("SAMLING_ALERT", "alert-command", "Value", words[0])
	}
	return text
}

func isLoopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func readNumber(f *models.Faults, key, text string, least, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		f.Add(key, "out-of-range", "From", least, "To", most)
	}
	return n
}

// The bounds of the time for which names and addresses are kept: a night to
// count who came, and what no law lets anybody exceed without a reason.
const (
	shortestRetention = time.Hour
	longestRetention  = 10 * 365 * day
)

func readRetention(f *models.Faults, text string) time.Duration {
	d, err := parseDuration(text)
	switch {
	case err != nil:
		f.Add("SAMLING_RETENTION", "bad-duration", "Value", text)
	case d < shortestRetention || d > longestRetention:
		f.Add("SAMLING_RETENTION", "out-of-range", "From", "1h", "To", "3650d")
	}
	return d
}

const day = 24 * time.Hour

// parseDuration reads whole numbers of days, hours, minutes and seconds, largest
// first: 14d, 1d12h, 90m.
func parseDuration(text string) (time.Duration, error) {
	var sum time.Duration
	rest := text
	for _, unit := range []struct {
		letter string
		is     time.Duration
	}{{"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}} {
		number, after, ok := strings.Cut(rest, unit.letter)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 31)
		if err != nil || time.Duration(n) > (math.MaxInt64-sum)/unit.is {
			return 0, fmt.Errorf("%q is no time", text)
		}
		sum += time.Duration(n) * unit.is
		rest = after
	}
	if rest != "" || text == "" {
		return 0, fmt.Errorf("%q is no time", text)
	}
	return sum, nil
}

func readProxies(f *models.Faults, text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ' ' }) {
		_, err := netip.ParseAddr(part)
		_, err2 := netip.ParsePrefix(part)
		if err != nil && err2 != nil {
			f.Add("SAMLING_TRUSTED_PROXIES", "bad-network", "Value", part)
		}
		out = append(out, part)
	}
	return out
}
