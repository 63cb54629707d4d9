package mongo

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"

	"go.mongodb.org/mongo-driver/v2/event"
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
func (o *oldest) opening(err error) error {
	if errors.Is(err, shape.ErrNewer) || errors.Is(err, shape.ErrForeign) {
		return err
	}
	if o.wire.Load() > 0 {
		return fmt.Errorf("store: the MongoDB server is too old; Samling needs 4.4 or newer: %w", err)
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
