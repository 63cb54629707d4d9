// Samling plans the events of a city organisation with many local
// associations, takes sign-ups for them and tells people what changes.
//
// This is the only place that reads arguments, the environment, signals and the
// clock; each command has a file of its own. What a command makes stands alone
// on standard output, everything else on standard error. It exits with 0 when
// it is done, 1 when it failed and 2 when it was used wrongly.
package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
	_ "time/tzdata" // zones must be known on a machine that has none

	"github.com/alecthomas/kong"

	"samling/locale"
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr, time.Now, 0))
}

// The exit codes.
const (
	done   = 0
	failed = 1
	misuse = 2
)

// commands are all that Samling can be asked to do.
type commands struct {
	flags

	Demo       demoCommand       `cmd:"" help:"Show an invented city in the browser. Nothing of it is kept, and no mail is sent."`
	Serve      serveCommand      `cmd:"" help:"Serve pages, calendars, the API and sign-ups, and send the mail."`
	Import     importCommands    `cmd:"" help:"Take over associations, groups, districts or a calendar from a file. Repeating it doubles nothing."`
	Organiser  organiserCommands `cmd:"" help:"Say who may sign in."`
	SignIn     signInCommand     `cmd:"" help:"Print a link that signs an organiser in once, within an hour."`
	Token      tokenCommands     `cmd:"" help:"Let programs use the API."`
	Attendance attendanceCommand `cmd:"" help:"Print who is coming to an event. The look is logged."`
	Backup     backupCommand     `cmd:"" help:"Copy the store into a new file, beside a running serve if there is one."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup in the place of the store."`
	Migrate    migrateCommand    `cmd:"" help:"Copy the store at --from into another at --to, and verify it. Cut off, it is finished by running it again."`
	DKIM       dkimCommand       `cmd:"" name:"dkim" help:"Print the DNS record of the key that signs mail; the key is made if it is not there."`
	Erase      eraseCommand      `cmd:"" help:"Erase whatever an address has signed up for, as its owner can do herself."`
	Doctor     doctorCommand     `cmd:"" help:"Say whether all is as it must be, here and as others see it, and how to mend what is not. Changes nothing and sends nothing."`
	Bounce     bounceCommand     `cmd:"" help:"Take in a mail that came back, or a calendar's answer, from standard input."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
}

// session is one use of the program.
type session struct {
	ctx            context.Context
	stdout, stderr io.Writer
	now            func() time.Time
	beat           time.Duration // of the outbox; zero: its own
	settings       settings
	words          *locale.Catalogue
	// metrics are counted when somebody has asked for them; nil: nobody has.
	metrics *metrics
	// speak is for those who read what the program prints.
	speak *locale.Printer
}

// run does one command and returns the exit code. beat is that of mailer.Config.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer, now func() time.Time, beat time.Duration) int {
	var c commands
	from := source{environ: environment(environ)}
	helped := false
	parser, err := kong.New(&c,
		kong.Name("samling"),
		kong.Description("Events, calendars and sign-ups for a city of associations. Every setting below is a flag, an environment variable and a line of the file that --config names; they count in this order."),
		kong.Writers(stdout, stderr),
		kong.Exit(func(int) { helped = true }),
		kong.Help(help),
		kong.ConfigureHelp(kong.HelpOptions{NoExpandSubcommands: true}),
		kong.ValueFormatter(helpWithKey),
		kong.ExplicitGroups([]kong.Group{{Key: "settings", Title: "Settings:"}}),
		kong.Resolvers(&from),
		kong.Bind(&c.flags),
	)
	s := &session{ctx: ctx, stdout: stdout, stderr: stderr, now: now, beat: beat}
	if err != nil {
		return s.fail(err)
	}
	parsed, err := parser.Parse(args)
	if helped {
		return done // kong goes on after it has printed the help, and may stumble
	}
	if s.words, s.speak = words(c.flags.Language, from.environ); err != nil {
		return s.fail(wrongUse{failure{"command.wrong-use", []any{"Reason", err.Error()}, nil}})
	}
	var needed []string
	if c, ok := parsed.Selected().Target.Addr().Interface().(interface{ needs() []string }); ok {
		needed = c.needs()
	}
	if s.settings, err = c.flags.settings(&from, s.words.Complete().Languages(), needed); err != nil {
		return s.fail(err)
	}
	return s.fail(parsed.Run(s))
}

// words loads the translations and chooses whom to speak to while it is not yet
// known whether the settings are right.
func words(wanted string, environ map[string]string) (*locale.Catalogue, *locale.Printer) {
	for _, language := range []string{wanted, environ["SAMLING_LANGUAGE"]} {
		if c, err := locale.Load(language); err == nil {
			return c, c.In(language)
		}
	}
	c, err := locale.Load(defaultLanguage)
	if err != nil {
		panic(err) // they are built in, and a test loads them
	}
	return c, c.In(defaultLanguage)
}

// wrongUse is an error of whoever typed the command.
type wrongUse struct{ error }

func (w wrongUse) Unwrap() error { return w.error }

// exitCode is what the shell is told.
func exitCode(err error) int {
	switch _, wrong := errors.AsType[wrongUse](err); {
	case err == nil:
		return done
	case wrong:
		return misuse
	}
	return failed
}
