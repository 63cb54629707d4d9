package doctor

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/publicsuffix"

	"samling/mailer"
)

// smtp goes to the mail server as far as one can without sending.
func (p *Patient) smtp(ctx context.Context) []Finding {
	switch {
	case p.NoMail:
		return []Finding{fault("smtp", "none")}
	case p.Relay.Host == "":
		return []Finding{fault("smtp", "missing")}
	}
	server := mailer.NewSMTP(mailer.SMTPConfig{Relay: p.Relay, Hello: p.host(), TLS: p.TLS, Now: p.Now})
	err := server.Knock(ctx, p.From)
	with := []any{"Server", p.Relay.String(), "From", p.From}
	if fell, ok := errors.AsType[*mailer.Fault](err); ok {
		said := any(fell.Reply)
		if fell.Reply == "" {
			said = fell.Err
		}
		return []Finding{fault("smtp", fell.Phase, append(with, "Said", said)...)}
	}
	if p.Relay.User == "" {
		return []Finding{ok("smtp", "open", with...)}
	}
	return []Finding{ok("smtp", "ok", with...)}
}

// sender examines what others look up of the sender's domain.
func (p *Patient) sender(ctx context.Context) []Finding {
	domain := p.domain()
	if domain == "" {
		return []Finding{fault("sender", "missing")}
	}
	return []Finding{p.receives(ctx, domain), p.spf(ctx, domain), p.dkim(ctx), p.dmarc(ctx, domain)}
}

// receives reports whether the domain takes mail, as answers and bounces need.
func (p *Patient) receives(ctx context.Context, domain string) Finding {
	found, err := p.Resolver.LookupMX(ctx, domain)
	null := len(found) == 1 && (found[0].Host == "." || found[0].Host == "") // RFC 7505
	switch {
	case unknown(err):
		return warning("sender", "unknown", "Domain", domain, "Reason", err)
	case len(found) == 0 || null:
		return warning("sender", "deaf", "Domain", domain, "From", p.From)
	}
	return ok("sender", "ok", "Domain", domain, "From", p.From)
}

// unknown reports whether a lookup failed, rather than found nothing.
func unknown(err error) bool {
	name, ok := errors.AsType[*net.DNSError](err)
	return err != nil && (!ok || !name.IsNotFound)
}

// records are the TXT records of a name that begin as wanted.
func (p *Patient) records(ctx context.Context, name, begin string) ([]string, error) {
	all, err := p.Resolver.LookupTXT(ctx, name)
	if unknown(err) {
		return nil, err
	}
	return slices.DeleteFunc(all, func(record string) bool {
		record = strings.ToLower(record)
		return record != begin && !strings.HasPrefix(record, begin+" ") && !strings.HasPrefix(record, begin+";")
	}), nil
}

// spf examines the domain's SPF record (RFC 7208). Whether the mail server is
// among those it allows cannot be seen from here: the server that our relay hands
// mail on with may be another.
func (p *Patient) spf(ctx context.Context, domain string) Finding {
	found, err := p.records(ctx, domain, "v=spf1")
	with := []any{"Domain", domain, "Server", p.Relay.Host}
	switch {
	case err != nil:
		return warning("spf", "unknown", append(with, "Reason", err)...)
	case len(found) == 0:
		return fault("spf", "missing", with...)
	case len(found) > 1:
		return fault("spf", "several", with...)
	}
	with = append(with, "Record", found[0])
	terms := strings.Fields(strings.ToLower(found[0]))
	last := terms[len(terms)-1]
	switch {
	case slices.Contains(terms, "+all"), slices.Contains(terms, "all"):
		return fault("spf", "everybody", with...)
	case last != "-all" && last != "~all" && !strings.HasPrefix(last, "redirect="):
		return warning("spf", "open", with...)
	}
	return ok("spf", "ok", with...)
}

// dkim examines whether the DNS has the key with which mail is signed. Without
// one the relay has to sign.
func (p *Patient) dkim(ctx context.Context) Finding {
	switch {
	case p.DKIMFault != nil:
		return fault("dkim", "no-key").because(p.DKIMFault)
	case p.DKIM == nil:
		return warning("dkim", "relay", "Server", p.Relay.Host)
	}
	name, record := p.DKIM.Record()
	found, err := p.Resolver.LookupTXT(ctx, name)
	with := []any{"Name", name}
	key := func(text string) string {
		_, key, _ := strings.Cut(strings.ReplaceAll(text, " ", ""), "p=")
		key, _, _ = strings.Cut(key, ";")
		return key
	}
	switch {
	case unknown(err):
		return warning("dkim", "unknown", append(with, "Reason", err)...)
	case len(found) == 0:
		return fault("dkim", "missing", with...)
	case len(found) > 1 || key(found[0]) != key(strings.Join(record, "")):
		return fault("dkim", "another", with...)
	}
	return ok("dkim", "ok", with...)
}

// dmarc examines the domain's DMARC record, or that of the organisation's domain
// above it (RFC 7489 §6.6.3).
func (p *Patient) dmarc(ctx context.Context, domain string) Finding {
	with := []any{"Domain", domain}
	found, err := p.records(ctx, "_dmarc."+domain, "v=dmarc1")
	above, outer := publicsuffix.EffectiveTLDPlusOne(domain)
	if err == nil && len(found) == 0 && outer == nil && above != domain {
		found, err = p.records(ctx, "_dmarc."+above, "v=dmarc1")
	}
	switch {
	case err != nil:
		return warning("dmarc", "unknown", append(with, "Reason", err)...)
	case len(found) == 0:
		return warning("dmarc", "missing", with...)
	case len(found) > 1:
		return fault("dmarc", "several", with...)
	}
	with = append(with, "Record", found[0])
	record, err := dmarc.Parse(found[0])
	switch {
	case err != nil:
		return fault("dmarc", "unreadable", with...)
	case record.Policy == dmarc.PolicyNone:
		return warning("dmarc", "none", with...)
	}
	return ok("dmarc", "ok", with...)
}
