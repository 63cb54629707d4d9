package mongo

import (
	"errors"
	"io/fs"
	"net"
	"net/url"
	"strings"

	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// Is reports whether an address is that of a MongoDB database.
func Is(address string) bool {
	return strings.HasPrefix(address, "mongodb://") || strings.HasPrefix(address, srv)
}

const srv = "mongodb+srv://"

// Check returns what is wrong with an address as it is written: ErrAddress,
// ErrNoDatabase, or that a file of certificates cannot be read. It asks nobody:
// of mongodb+srv, whose hosts the name servers know, it looks at the database
// alone.
func Check(address string) error {
	if databaseOf(address) == "" {
		return ErrNoDatabase
	}
	if strings.HasPrefix(address, srv) {
		return nil
	}
	_, err := read(address)
	return err
}

// read is an address as the driver understands it. The driver's own words are
// dropped, since they may repeat what stands in the address.
func read(address string) (*options.ClientOptions, error) {
	opts := options.Client().ApplyURI(address)
	err := opts.Validate()
	if err == nil {
		return opts, nil
	}
	if file, ok := errors.AsType[*fs.PathError](err); ok {
		return nil, file
	}
	if name, ok := errors.AsType[*net.DNSError](err); ok {
		return nil, errors.Join(ErrUnreachable, name)
	}
	return nil, ErrAddress
}

// databaseOf is the path of an address, empty when it has none. Addresses may
// name several hosts, which net/url does not take.
func databaseOf(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest, _, _ = strings.Cut(rest, "?")
	_, name, _ := strings.Cut(rest[strings.LastIndex(rest, "@")+1:], "/")
	if plain, err := url.PathUnescape(name); err == nil {
		return plain
	}
	return name
}
