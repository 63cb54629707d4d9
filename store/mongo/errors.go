package mongo

import (
	"context"
	"errors"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/auth"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"samling/models"
	"samling/store/shape"
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

// opening says what is wrong with a database that could not be opened.
func opening(err error) error {
	if errors.Is(err, shape.ErrNewer) || errors.Is(err, shape.ErrForeign) {
		return err
	}
	if old := tooOld(err); old != "" {
		return fmt.Errorf("store: the MongoDB server is too old; Samling needs 4.2 or newer: %s", old)
	}
	if refused(err) {
		return fmt.Errorf("store: the MongoDB server refuses the user or the password of the address, or the user may not write this database: %w", err)
	}
	if mongo.IsNetworkError(err) || mongo.IsTimeout(err) || isSelection(err) {
		return fmt.Errorf("store: no MongoDB server that takes writes can be reached at the address; is it running, and are host, port and TLS right? %w", err)
	}
	return fmt.Errorf("store: MongoDB: %w", err)
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

// tooOld is what the driver says of a server whose protocol it does not speak
// any more, empty for another fault.
func tooOld(err error) string {
	if s, ok := errors.AsType[topology.ServerSelectionError](err); ok {
		for _, server := range s.Desc.Servers {
			if v := server.WireVersion; v != nil && v.Max < topology.SupportedWireVersions.Min {
				return fmt.Sprintf("it speaks wire version %d, the driver %d and up", v.Max, topology.SupportedWireVersions.Min)
			}
		}
	}
	return ""
}
