// Package storetest says in tests what every store must do. A store that does
// not pass Run is not a store; what it does besides is its own tests' business.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"go/token"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"samling/models"
)

// Run tests a store. open makes an empty one for each test, and closes it when
// the test is over.
func Run(t *testing.T, open func(t *testing.T) *models.Store) {
	for _, guarantee := range []struct {
		name string
		test func(t *testing.T, s *models.Store)
	}{
		{"Create/ReadsBack", createReadsBack},
		{"Create/EveryCollection", createEveryCollection},
		{"Create/Exists", createExists},
		{"Create/UniqueKey", createUniqueKey},
		{"Create/WithoutID", createWithoutID},
		{"Create/AsLargeAsCanBe", createLargest},
		{"Get/NotFound", getNotFound},
		{"Update/ReturnsWhatWasCommitted", updateReturnsCommitted},
		{"Update/NotFound", updateNotFound},
		{"Update/ErrorChangesNothing", updateErrorChangesNothing},
		{"Update/PanicFailsAlone", updatePanicFailsAlone},
		{"Update/CannotBeEncoded", updateCannotBeEncoded},
		{"Update/TooLarge", updateTooLarge},
		{"Update/UniqueKey", updateUniqueKey},
		{"Update/KeepsTheID", updateKeepsID},
		{"Update/SeesTheRevision", updateSeesRevision},
		{"Update/BigRoster", updateBigRoster},
		{"Delete/OnlyThatRevision", deleteOnlyThatRevision},
		{"Delete/NotFound", deleteNotFound},
		{"Revision/NeverAgain", revisionNeverAgain},
		{"Ownership/ReturnedDocuments", ownershipReturned},
		{"Ownership/GivenDocuments", ownershipGiven},
		{"Writers/NoLostUpdate", writersNoLostUpdate},
		{"Writers/FailuresAmongSuccesses", writersFailuresAmongSuccesses},
		{"Writers/UniqueKey", writersUniqueKey},
		{"Writers/Readers", writersReaders},
		{"Writers/SixPhonesAtADoor", doorSixPhones},
		{"Writers/PressesOnce", doorPressesOnce},
		{"Write/InOrder", writeInOrder},
		{"Write/FailedStopsTheRest", writeFailedStopsRest},
		{"Write/ManyNew", writeManyNew},
		{"Write/SameDocumentTwice", writeSameDocumentTwice},
		{"Write/Nothing", writeNothing},
		{"Context/EndedBefore", contextEndedBefore},
		{"Ping", ping},
		{"Close", closed},
		{"Times/UTCAndMilliseconds", timesUTC},
		{"Times/Zero", timesZero},
		{"List/ByID", listByID},
		{"List/Unique", listUnique},
		{"List/EqualAndRange", listEqualAndRange},
		{"List/StandingKey", listStandingKey},
		{"List/NotInIndex", listNotInIndex},
		{"List/WhileWriting", listWhileWriting},
		{"List/DocumentsMoveBehindTheCursor", listMoving},
		{"List/HoldsNothing", listHoldsNothing},
		{"List/WrongQuery", listWrongQuery},
		{"List/ContextEnds", listContextEnds},
	} {
		t.Run(guarantee.name, func(t *testing.T) { guarantee.test(t, open(t)) })
	}
}

// born is the moment at which the tests' documents are made.
func born() time.Time { return time.Date(2026, 5, 1, 10, 0, 0, 123_000_000, time.UTC) }

func event(id, slug string) models.Event {
	return models.Event{
		Document: models.Document{ID: id}, Slug: slug, Kind: models.TownHall,
		Text:   models.Text{Title: "Årsmöte <b>", Description: "Rad ett\nrad två"},
		Texts:  map[string]models.Text{"en": {Title: "Annual meeting"}},
		Status: models.Published, Audience: models.Public, Host: "host", Groups: []string{"housing"},
		Starts: born().AddDate(0, 0, 7), Ends: born().AddDate(0, 0, 7).Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
		Programme: []models.Item{{Time: born(), Title: "Samling"}},
		Created:   born(), Updated: born(), Changed: born(),
	}
}

func organiser(id, email string) models.Organiser {
	return models.Organiser{Document: models.Document{ID: id}, Email: email, Role: models.RoleCoordinator, Created: born()}
}

func roster(id string) models.Roster {
	return models.Roster{
		Document: models.Document{ID: id}, Changed: born(),
		Facts: models.Facts{
			Sequence: 1, Status: models.Published, Needed: true, LargestParty: 4,
			Starts: born().AddDate(0, 0, 7), Ends: born().AddDate(0, 0, 7).Add(2 * time.Hour), TimeZone: "Europe/Stockholm",
		},
	}
}

// entry is the n-th entry of a roster.
func entry(n int) models.Entry {
	var id models.ID
	var who models.Who
	copy(id[:], fmt.Sprintf("rsvp %d", n))
	copy(who[:], fmt.Sprintf("who %d", n))
	return models.Entry{RSVP: id, Who: who, Party: 2, Since: born(), State: models.Going, Told: models.Told{State: models.Going, Party: 2, Sequence: 1}}
}

func adding(e models.Entry) func(*models.Roster) error {
	return func(r *models.Roster) error {
		if _, there := r.Entry(e.RSVP); !there {
			r.Entries = append(r.Entries, e)
		}
		return nil
	}
}

func mail(id string, due time.Time) models.Mail {
	return models.Mail{Document: models.Document{ID: id}, Kind: models.MailGoing, Status: models.MailQueued, Due: due, Born: born()}
}

func numbered(n int) string { return fmt.Sprintf("%06d", n) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// is tests that an error is of a kind.
func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error = %v, want %v", err, want)
	}
}

// wrong tests that an error is a programmer's, not one of the contract.
func wrong(t *testing.T, what string, err error) {
	t.Helper()
	if models.CodeOf(err) != models.CodeInternal {
		t.Errorf("%s: error = %v, want one that names the mistake", what, err)
	}
}

// same tests that two values are equal, times by their instants. What a document
// remembers for itself is not kept and not compared.
func same(t *testing.T, got, want any) {
	t.Helper()
	private := cmp.FilterPath(func(p cmp.Path) bool {
		field, ok := p.Last().(cmp.StructField)
		return ok && !token.IsExported(field.Name())
	}, cmp.Ignore())
	if diff := cmp.Diff(want, got, private); diff != "" {
		t.Errorf("differs (-want +got):\n%s", diff)
	}
}

// get reads a document that must be there.
func get[T any](t *testing.T, c models.Collection[T], id string) T {
	t.Helper()
	doc, err := c.Get(t.Context(), id)
	must(t, err)
	return doc
}

// ids are the ids of all documents of a query.
func ids[T any, P models.DocumentOf[T]](t *testing.T, c models.Collection[T], q models.Query) []string {
	t.Helper()
	found := []string{}
	for doc, err := range c.List(t.Context(), q) {
		must(t, err)
		found = append(found, P(&doc).Doc().ID)
	}
	return found
}

// create stores documents in one Write.
func create[T any](t *testing.T, s *models.Store, c models.Collection[T], docs ...T) {
	t.Helper()
	ops := make([]models.Op, len(docs))
	for i, doc := range docs {
		ops[i] = c.Creating(doc)
	}
	must(t, s.Write(context.WithoutCancel(t.Context()), ops...))
}
