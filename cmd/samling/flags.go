package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// defaultLanguage is that of Malmö, the first city.
const defaultLanguage = "sv"

// flags are the settings as they were given. Kong would stop at the first that
// is wrong, so they come as texts and settings reads them all. The name of a
// flag is that of its key: --key-file is SAMLING_KEY_FILE.
type flags struct {
	Config          string `group:"settings" placeholder:"FILE" help:"File of settings, one KEY=value a line."`
	URL             string `group:"settings" name:"url" placeholder:"URL" help:"Address at which people reach this installation. All links begin with it."`
	Listen          string `group:"settings" default:"127.0.0.1:3000" placeholder:"HOST:PORT" help:"Where serve listens."`
	MetricsListen   string `group:"settings" name:"metrics-listen" placeholder:"HOST:PORT" help:"Where metrics are served to a monitoring program; nowhere, if not given. Never a public address."`
	Store           string `group:"settings" default:"sqlite:data/samling.db" placeholder:"URL" help:"Where everything is kept: sqlite:FILE, or mongodb://HOST/DATABASE for several machines."`
	KeyFile         string `group:"settings" default:"data/samling.key" placeholder:"FILE" help:"The installation's keys. Made on first use; without it names and addresses can never be read again."`
	SMTP            string `group:"settings" name:"smtp" placeholder:"URL" help:"Mail server: smtp://user:password@host:587, smtps://user:password@host:465, or none."`
	SMTPConnections string `group:"settings" name:"smtp-connections" default:"4" placeholder:"N" help:"How many connections to the mail server are used at once."`
	From            string `group:"settings" placeholder:"ADDRESS" help:"Sender of all mail; samling@ and the host of --url, if not given."`
	DKIMKey         string `group:"settings" name:"dkim-key" placeholder:"FILE" help:"RSA key with which mail is signed (DKIM), for a mail server that does not; samling dkim makes it. Nothing is signed, if not given."`
	DKIMSelector    string `group:"settings" name:"dkim-selector" default:"samling" placeholder:"NAME" help:"Name of that key in the DNS of the sender's domain."`
	Bounce          string `group:"settings" placeholder:"ADDRESS" help:"Address at which mail comes back to samling bounce, also with + and anything behind its name; --from, if not given."`
	Name            string `group:"settings" default:"Samling" placeholder:"TEXT" help:"What this installation is called in mails and calendars."`
	Central         string `group:"settings" placeholder:"TEXT" help:"Name of the central office, which mails say may read the lists."`
	Controller      string `group:"settings" placeholder:"TEXT" help:"Who answers for personal data, for the page about privacy."`
	Contact         string `group:"settings" placeholder:"TEXT" help:"How to reach them: an address or a telephone number."`
	Processors      string `group:"settings" placeholder:"TEXT" help:"Who else handles personal data for them: hosts of the machine and of the mail."`
	Officer         string `group:"settings" name:"data-protection-officer" placeholder:"TEXT" help:"Their data protection officer and how to reach her, if they have one."`
	Help            string `group:"settings" placeholder:"TEXT" help:"Whom to call or write to when one cannot use the site or needs help to come."`
	KnownFaults     string `group:"settings" placeholder:"TEXT" help:"What those who see, hear or move badly cannot use here as far as you know, for the page about accessibility."`
	TimeZone        string `group:"settings" default:"Europe/Stockholm" placeholder:"ZONE" help:"Zone of events that name none."`
	Language        string `group:"settings" default:"sv" placeholder:"TAG" help:"Language of addresses without one, and of what is printed here: sv or en."`
	Retention       string `group:"settings" default:"14d" placeholder:"TIME" help:"How long after an event names and addresses are kept, in d, h, m and s."`
	TrustedProxies  string `group:"settings" placeholder:"LIST" help:"Addresses or networks of our own proxies, with commas between."`
	Alert           string `group:"settings" placeholder:"URL|COMMAND" help:"An https address, or a command, that is called when mail is stuck or a backup is old."`
	RateLimit       string `group:"settings" default:"on" placeholder:"on|off" help:"Limits and form traps; off is for load tests alone."`
}

// keyOf is the name of a setting in the environment and in a file.
func keyOf(flag string) string {
	return "SAMLING_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func isSetting(f *kong.Flag) bool { return f.Group != nil && f.Group.Key == "settings" }

// helpWithKey is the help of a flag with the key that means the same.
func helpWithKey(v *kong.Value) string {
	text := kong.DefaultHelpValueFormatter(v)
	if v.Flag != nil && isSetting(v.Flag) {
		if v.HasDefault {
			text += " Default: " + v.Default + "."
		}
		text += " " + keyOf(v.Name)
	}
	return text
}

// source gives kong the settings that stand in the environment, or else in the
// file. Kong's own env tags would read the process's environment and rank it
// below the file.
type source struct {
	environ map[string]string
	file    map[string]string // nil: not read yet
	faults  []lineFault
	path    string
}

// Validate is part of kong.Resolver.
func (s *source) Validate(*kong.Application) error { return nil }

// Resolve is the value of one flag that was not given; nil when nobody says it.
func (s *source) Resolve(c *kong.Context, _ *kong.Path, f *kong.Flag) (any, error) {
	if !isSetting(f) {
		return nil, nil
	}
	if s.file == nil {
		s.read(c)
	}
	for _, from := range []map[string]string{s.environ, s.file} {
		if value, ok := from[keyOf(f.Name)]; ok {
			return value, nil
		}
	}
	return nil, nil
}

// read reads the file that --config or SAMLING_CONFIG names, if any.
func (s *source) read(c *kong.Context) {
	known := map[string]bool{}
	s.file = map[string]string{}
	s.path = s.environ[keyOf("config")]
	for _, f := range c.Flags() {
		if !isSetting(f) {
			continue
		}
		if f.Name != "config" {
			known[keyOf(f.Name)] = true
		} else if path, ok := c.FlagValue(f).(string); ok && path != "" {
			s.path = path
		}
	}
	if s.path != "" {
		s.file, s.faults = readSettingsFile(s.path, known)
	}
}

// environment is what a process's environment says of us. A variable that is
// empty says nothing, as one that was never set.
func environment(environ []string) map[string]string {
	out := map[string]string{}
	for _, line := range environ {
		if name, value, ok := strings.Cut(line, "="); ok && value != "" && strings.HasPrefix(name, "SAMLING_") {
			out[name] = value
		}
	}
	return out
}
