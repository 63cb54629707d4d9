package mongo

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"samling/models"
	"samling/store/shape"
)

// Faults of opening a database that its program may decide by.
var (
	// ErrAddress: the address cannot be read.
	ErrAddress = errors.New("the MongoDB address cannot be read")
	// ErrNoDatabase: it names no database.
	ErrNoDatabase = errors.New("the MongoDB address names no database")
	// ErrUnreachable: no server that takes writes answers there.
	ErrUnreachable = errors.New("no MongoDB server that takes writes can be reached")
	// ErrTooOld: the server is older than MongoDB 4.4.
	ErrTooOld = errors.New("the MongoDB server is too old")
	// ErrRefused: the user or the password is wrong, or may not do this.
	ErrRefused = errors.New("the MongoDB server refuses the user")
	// ErrTLS: one side does not trust the other.
	ErrTLS = errors.New("no TLS with the MongoDB server")
	// ErrIndex: an index is not as the program needs it.
	ErrIndex = errors.New("an index is not as it must be")
)

// away is the error for what the database could not do: the caller's context if
// that has ended, else models.ErrUnavailable with the cause.
func away(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return models.Because(models.CodeUnavailable, fmt.Errorf("store: %w", err))
}

// Codes of MongoDB's errors.
const (
	unauthorized         = 13
	authenticationFailed = 18
)

// passing are the codes of faults that pass: the server, or the one that it asks,
// is just being stopped, started, elected or waited for, or two writers were in
// each other's way. FerretDB calls all that its database says and it has no name
// for InternalError: that it is away, or that a deadlock was ended.
func passing() []int {
	return []int{
		1,     // InternalError
		6,     // HostUnreachable
		7,     // HostNotFound
		50,    // MaxTimeMSExpired
		64,    // WriteConcernTimeout
		89,    // NetworkTimeout
		91,    // ShutdownInProgress
		112,   // WriteConflict
		134,   // ReadConcernMajorityNotAvailableYet
		189,   // PrimarySteppedDown
		262,   // ExceededTimeLimit
		9001,  // SocketException
		10058, // LegacyNotPrimary
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11602, // InterruptedDueToReplStateChange
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
	}
}

// passes reports whether a call may fare better in a moment. Where no server was
// found, one was looked for long enough.
func passes(err error) bool {
	if isSelection(err) {
		return false
	}
	var answered mongo.ServerError
	if errors.As(err, &answered) && slices.ContainsFunc(passing(), answered.HasErrorCode) {
		return true
	}
	return mongo.IsNetworkError(err) || mongo.IsTimeout(err)
}

// opening says what is wrong with a database that could not be opened.
func (o *oldest) opening(err error) error {
	fault := errors.New("MongoDB")
	switch seen := lastSeen(err); {
	case errors.Is(err, shape.ErrNewer), errors.Is(err, shape.ErrForeign), errors.Is(err, ErrIndex),
		errors.Is(err, shape.ErrUnfinished), errors.Is(err, shape.ErrTaken):
		return err
	case o.wire.Load() > 0:
		fault = ErrTooOld
	case refused(err):
		fault = ErrRefused
	case isTLS(err), isTLS(seen):
		fault = ErrTLS
	case mongo.IsNetworkError(err), mongo.IsTimeout(err), isSelection(err):
		fault = ErrUnreachable
	}
	return fmt.Errorf("store: %w: %w", fault, err)
}

func refused(err error) bool {
	if _, ok := errors.AsType[*auth.Error](err); ok {
		return true
	}
	var answered mongo.ServerError
	return errors.As(err, &answered) && (answered.HasErrorCode(authenticationFailed) || answered.HasErrorCode(unauthorized))
}

func isSelection(err error) bool {
	_, ok := errors.AsType[topology.ServerSelectionError](err)
	return ok
}

// lastSeen is why the servers of a database were not taken, nil when nobody says.
func lastSeen(err error) error {
	var all []error
	if selection, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		for _, server := range selection.Desc.Servers {
			all = append(all, server.LastError)
		}
	}
	return errors.Join(all...)
}

// isTLS reports whether one side did not take the other's certificate, or does
// not speak TLS at all.
func isTLS(err error) bool {
	var certificate *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	var alert *net.OpError
	return errors.As(err, &certificate) || errors.As(err, &record) ||
		errors.As(err, &alert) && (alert.Op == "remote error" || alert.Op == "local error") // crypto/tls has no type for them
}

// oldest is the oldest protocol that a server of the database has named. The
// driver refuses such a server with a text alone, by which nothing is decided
// here.
type oldest struct{ wire atomic.Int32 }

// fourFour is the wire version of MongoDB 4.4, the oldest that the driver takes.
const fourFour = 9

func (o *oldest) monitor() *event.ServerMonitor {
	return &event.ServerMonitor{ServerDescriptionChanged: func(e *event.ServerDescriptionChangedEvent) {
		if v := e.NewDescription.MaxWireVersion; v > 0 && v < fourFour {
			o.wire.Store(v)
		}
	}}
}
