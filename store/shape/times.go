package shape

import (
	"encoding"
	"encoding/json"
	"reflect"
	"time"

	"samling/models"
)

// times finds the times in a document, so that they read back as every store
// gives them: UTC, whole milliseconds. JSON alone would keep the zone's offset.
type times struct{ visit visitor }

// visitor calls a function with every time in a value.
type visitor func(v reflect.Value, each func(*time.Time))

func timesOf[T any]() times { return times{visit: visitorOf(reflect.TypeFor[T]())} }

// settle makes all times of a document what models.Milli makes of them.
func (t times) settle(value any) {
	t.each(value, func(at *time.Time) { *at = models.Milli(*at) })
}

// settled reports whether settle would change nothing.
func (t times) settled(value any) bool {
	same := true
	t.each(value, func(at *time.Time) { same = same && *at == models.Milli(*at) })
	return same
}

func (t times) each(value any, each func(*time.Time)) {
	if t.visit != nil {
		t.visit(reflect.ValueOf(value).Elem(), each)
	}
}

// visitorOf is nil for a type that holds no times. Types that write their own
// JSON are left to themselves.
func visitorOf(t reflect.Type) visitor {
	if t == reflect.TypeFor[time.Time]() {
		return func(v reflect.Value, each func(*time.Time)) { each(v.Addr().Interface().(*time.Time)) }
	}
	if p := reflect.PointerTo(t); p.Implements(reflect.TypeFor[json.Marshaler]()) || p.Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return visitFields(t)
	case reflect.Slice, reflect.Array:
		if element := visitorOf(t.Elem()); element != nil {
			return func(v reflect.Value, each func(*time.Time)) {
				for i := range v.Len() {
					element(v.Index(i), each)
				}
			}
		}
	case reflect.Pointer:
		if pointed := visitorOf(t.Elem()); pointed != nil {
			return func(v reflect.Value, each func(*time.Time)) {
				if !v.IsNil() {
					pointed(v.Elem(), each)
				}
			}
		}
	case reflect.Map:
		if visitorOf(t.Elem()) != nil {
			panic("store: times in a map (" + t.String() + ") cannot be kept")
		}
	}
	return nil
}

func visitFields(t reflect.Type) visitor {
	type field struct {
		index int
		visit visitor
	}
	var fields []field
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() {
			if visit := visitorOf(f.Type); visit != nil {
				fields = append(fields, field{i, visit})
			}
		}
	}
	if fields == nil {
		return nil
	}
	return func(v reflect.Value, each func(*time.Time)) {
		for _, f := range fields {
			f.visit(v.Field(f.index), each)
		}
	}
}
