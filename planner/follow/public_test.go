package follow

import (
	"net/netip"
	"testing"
)

func TestIsPublic(t *testing.T) {
	for address, want := range map[string]bool{
		"93.184.216.34":          true,
		"8.8.8.8":                true,
		"172.32.0.1":             true,
		"2606:2800:220:1::1":     true,
		"2a00:1450:400f::200e":   true,
		"::ffff:93.184.216.34":   true, // another way to write an IPv4 address
		"127.0.0.1":              false,
		"127.255.255.254":        false,
		"0.0.0.0":                false,
		"0.1.2.3":                false,
		"10.0.0.1":               false,
		"172.16.0.1":             false,
		"192.168.1.1":            false,
		"169.254.169.254":        false, // where clouds keep their machines' keys
		"100.64.0.1":             false,
		"100.127.255.255":        false,
		"100.100.100.200":        false,
		"192.0.0.192":            false,
		"192.0.2.1":              false,
		"192.88.99.1":            false,
		"198.18.0.1":             false,
		"198.51.100.1":           false,
		"203.0.113.1":            false,
		"224.0.0.1":              false,
		"239.255.255.250":        false,
		"240.0.0.1":              false,
		"255.255.255.255":        false,
		"::":                     false,
		"::1":                    false,
		"::127.0.0.1":            false,
		"::ffff:127.0.0.1":       false,
		"::ffff:169.254.169.254": false,
		"::ffff:0:127.0.0.1":     false,
		"64:ff9b::7f00:1":        false, // NAT64 of 127.0.0.1
		"64:ff9b::5db8:d822":     false,
		"64:ff9b:1::7f00:1":      false,
		"100::1":                 false,
		"2001::7f00:1":           false, // Teredo
		"2001:2::1":              false,
		"2001:10::1":             false,
		"2001:db8::1":            false,
		"2002:7f00:1::1":         false, // 6to4 of 127.0.0.1
		"2002:5db8:d822::1":      false,
		"3fff::1":                false,
		"4000::1":                false,
		"fc00::1":                false,
		"fd00:ec2::254":          false,
		"fe80::1":                false,
		"fe80::1%eth0":           false,
		"fec0::1":                false,
		"ff02::1":                false,
		"2606:2800:220:1::1%lo":  false,
	} {
		if got := isPublic(netip.MustParseAddr(address)); got != want {
			t.Errorf("%s: %v", address, got)
		}
	}
	if isPublic(netip.Addr{}) {
		t.Error("no address at all is public")
	}
}

func TestPublicWeb(t *testing.T) {
	for to, want := range map[string]bool{
		"93.184.216.34:443": true, "[2606:2800:220:1::1]:443": true,
		"93.184.216.34:80": false, "93.184.216.34:8443": false, "127.0.0.1:443": false, "[::1]:443": false,
	} {
		if got := publicWeb(netip.MustParseAddrPort(to)) == nil; got != want {
			t.Errorf("%s: %v", to, got)
		}
	}
}
