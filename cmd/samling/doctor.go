package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"

	"samling/cmd/samling/doctor"
	"samling/locale"
)

type doctorCommand struct {
	JSON bool `name:"json" help:"Print the findings for a program."`
}

// Run examines the installation, prints what was found, and fails when there is
// a fault.
func (d *doctorCommand) Run(s *session) error {
	signer, err := s.dkim()
	patient := doctor.Patient{
		Site: s.settings.url, From: s.settings.from, Store: s.settings.store, KeyFile: s.settings.keyFile,
		Relay: s.settings.relay, NoMail: s.settings.noMail, DKIM: signer, DKIMFault: err, Privacy: s.settings.privacy,
		Limits: s.settings.limits, TrustedProxies: s.settings.trustedProxies,
		Now: s.now, Resolver: net.DefaultResolver, Free: free,
		HTTP: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	return s.report(patient.Examine(s.ctx), d.JSON)
}

// report prints findings, and is an error when one of them is a fault.
func (s *session) report(findings []doctor.Finding, asJSON bool) error {
	faults := 0
	var said []saidFinding
	for _, f := range findings {
		if f.Verdict == doctor.Fault {
			faults++
		}
		said = append(said, inSentences(s.speak, f))
	}
	var err error
	if asJSON {
		err = json.NewEncoder(s.stdout).Encode(said)
	} else {
		err = printFindings(s.stdout, s.speak, said)
	}
	if err != nil {
		return err
	}
	if faults > 0 {
		return failure{"command.doctor-faults", []any{"Count", faults}, nil}
	}
	return nil
}

// saidFinding is a finding in words, as programs get it.
type saidFinding struct {
	Check   string         `json:"check"`
	Verdict doctor.Verdict `json:"verdict"`
	Code    string         `json:"code"`
	Says    string         `json:"says"`
	Mend    string         `json:"mend,omitempty"`
}

func inSentences(p *locale.Printer, f doctor.Finding) saidFinding {
	key := "doctor." + f.Check + "." + f.Code
	with := inWords(p, f.With)
	out := saidFinding{Check: f.Check, Verdict: f.Verdict, Code: f.Code}
	out.Says = strings.Join(append([]string{p.T(key, with...)}, sentences(p, f.Err)...), " ")
	if mend := key + ".mend"; p.Has(mend) {
		out.Mend = p.T(mend, with...)
	}
	return out
}

// printFindings writes a line for each finding, and below it what to do.
func printFindings(w io.Writer, p *locale.Printer, said []saidFinding) error {
	var b strings.Builder
	for _, f := range said {
		fmt.Fprintf(&b, "%-8s %s: %s\n", p.T("doctor."+string(f.Verdict)), p.T("doctor."+f.Check), f.Says)
		if f.Mend != "" {
			fmt.Fprintf(&b, "%-8s %s\n", "", f.Mend)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
