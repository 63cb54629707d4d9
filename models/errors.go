package models

import (
	"errors"
	"strings"
)

// Code is what a program may decide by. It never changes once published: API
// clients match it, and the sentence for people is looked up by it.
type Code string

// The codes of all errors. handlers maps each to an HTTP status in one place,
// locale has a sentence for each in every language.
const (
	CodeInvalid          Code = "invalid"           // fields say which and why
	CodeMalformed        Code = "malformed"         // not even readable: not JSON, not CSV
	CodeNotFound         Code = "not-found"         //
	CodeExists           Code = "exists"            // the id or a unique key is taken
	CodeChangedMeanwhile Code = "changed-meanwhile" // somebody else saved since
	CodeNotSignedIn      Code = "not-signed-in"     // no token, or one that is wrong or has run out
	CodeNotAllowed       Code = "not-allowed"       // signed in, but not for this
	CodeNotApproved      Code = "not-approved"      // a coordinator is to look at it first
	CodeNotInScope       Code = "not-in-scope"      // the token is not for this
	CodeWrongFactor      Code = "wrong-factor"      // a passkey or code that proves nothing
	CodeNotOpenYet       Code = "not-open-yet"      // sign-up opens later
	CodePaused           Code = "paused"            // sign-up takes no new names for now
	CodeClosed           Code = "closed"            // sign-up has closed
	CodeCancelled        Code = "cancelled"         // the event is cancelled
	CodePostponed        Code = "postponed"         // the event waits for a new date
	CodePast             Code = "past"              // the event has begun or is over
	CodeNoSignUp         Code = "no-sign-up"        // just come
	CodeRosterFull       Code = "roster-full"       // 10,000 entries
	CodeNoSeats          Code = "no-seats"          // a larger party does not fit
	CodeNotPossible      Code = "not-possible"      // the action does not fit the state
	CodeTooMany          Code = "too-many"          // asked too often
	CodeTooLarge         Code = "too-large"         //
	CodeWrongMethod      Code = "wrong-method"      //
	CodeUnavailable      Code = "unavailable"       // the store is away; try again
	CodeGone             Code = "gone"              // erased, on purpose
	CodeInternal         Code = "internal"          //
)

// Error is a fault that somebody can do something about. Its text is for
// programmers; people read the sentence that locale has for the code.
type Error struct {
	Code Code
	// Fields are the places that are wrong, for CodeInvalid.
	Fields []Field
	// With fills the gaps of the sentence: a number, a name, a date.
	With map[string]any
	// Err is the cause, for the log alone.
	Err error
}

// Field is one wrong place of what somebody sent.
type Field struct {
	// Name is the path in the JSON form: "starts", "texts.en.title"; for a file
	// the line stands before it: "12.district".
	Name string
	// Code is the reason; locale has a sentence "field.<code>" for it.
	Code string
	// With fills the gaps of that sentence.
	With map[string]any
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(string(e.Code))
	for _, f := range e.Fields {
		b.WriteString("; " + f.Name + ": " + f.Code)
	}
	if e.Err != nil {
		b.WriteString(": " + e.Err.Error())
	}
	return b.String()
}

// Unwrap is the cause.
func (e *Error) Unwrap() error { return e.Err }

// Is makes errors.Is compare codes alone, so that ErrNotFound matches whatever
// was not found.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// The errors of the store's contract, to be matched with errors.Is.
var (
	ErrNotFound         error = &Error{Code: CodeNotFound}
	ErrExists           error = &Error{Code: CodeExists}
	ErrChangedMeanwhile error = &Error{Code: CodeChangedMeanwhile}
	ErrUnavailable      error = &Error{Code: CodeUnavailable}
)

// Fault is a new error of that code.
func Fault(code Code) *Error { return &Error{Code: code} }

// Because is a new error of that code with its cause.
func Because(code Code, cause error) *Error { return &Error{Code: code, Err: cause} }

// CodeOf is the code of an error; CodeInternal for one that is not ours, empty
// for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// Faults collects wrong fields. The zero value is ready.
type Faults struct{ fields []Field }

// Add notes one wrong field; with are the gaps of its sentence, name and value
// in turn.
func (f *Faults) Add(name, code string, with ...any) {
	field := Field{Name: name, Code: code}
	for i := 0; i+1 < len(with); i += 2 {
		if field.With == nil {
			field.With = map[string]any{}
		}
		field.With[with[i].(string)] = with[i+1]
	}
	f.fields = append(f.fields, field)
}

// Join adds the faults of another thing, under the names that they have.
func (f *Faults) Join(err error) {
	if e, ok := errors.AsType[*Error](err); ok {
		f.fields = append(f.fields, e.Fields...)
	}
}

// Within adds the faults of an inner thing, its names prefixed.
func (f *Faults) Within(prefix string, err error) {
	e, ok := errors.AsType[*Error](err)
	if !ok {
		return
	}
	for _, field := range e.Fields {
		field.Name = prefix + "." + field.Name
		f.fields = append(f.fields, field)
	}
}

// Err is nil when nothing was noted.
func (f *Faults) Err() error {
	if len(f.fields) == 0 {
		return nil
	}
	return &Error{Code: CodeInvalid, Fields: f.fields}
}
