package follow

import (
	"fmt"
	"net/netip"
)

// reserved are the networks that look like any other on the net and are none, by
// the registries of special addresses that IANA keeps, and those that lead to IPv4
// addresses in disguise.
func reserved() []netip.Prefix {
	var out []netip.Prefix
	for _, network := range []string{
		"0.0.0.0/8",       // this network
		"100.64.0.0/10",   // shared behind one provider's address
		"192.0.0.0/24",    // protocol assignments
		"192.0.2.0/24",    // documentation
		"192.88.99.0/24",  // 6to4 relays
		"198.18.0.0/15",   // benchmarks
		"198.51.100.0/24", // documentation
		"203.0.113.0/24",  // documentation
		"240.0.0.0/4",     // never given out, and broadcast
		"2001::/23",       // protocol assignments: Teredo, benchmarks, ORCHID
		"2001:db8::/32",   // documentation
		"2002::/16",       // 6to4: an IPv4 address within
		"3fff::/20",       // documentation
	} {
		out = append(out, netip.MustParsePrefix(network))
	}
	return out
}

// isPublic reports whether an address is one that anybody on the net may reach.
// Of IPv6 only 2000::/3 has ever been given out: so the NAT64 networks, IPv4-mapped
// addresses and everything local are outside without being named.
func isPublic(a netip.Addr) bool {
	a = a.Unmap()
	given := netip.MustParsePrefix("2000::/3")
	if a.Zone() != "" || !a.IsGlobalUnicast() || a.IsPrivate() || a.Is6() && !given.Contains(a) {
		return false
	}
	for _, network := range reserved() {
		if network.Contains(a) {
			return false
		}
	}
	return true
}

// forbidden is a place that nobody may have us connect to.
type forbidden struct{ to netip.AddrPort }

func (f forbidden) Error() string { return fmt.Sprintf("%s is no public web server", f.to) }

// publicWeb permits connections to the HTTPS port of public addresses.
func publicWeb(to netip.AddrPort) error {
	if to.Port() != 443 || !isPublic(to.Addr()) {
		return forbidden{to}
	}
	return nil
}

// anywhere permits all connections.
func anywhere(netip.AddrPort) error { return nil }
