package shape

import (
	"fmt"
	"slices"

	"samling/models"
)

// Asked finds the index that a query asks for (the zero one is the order of ids)
// and the place behind which it goes on: the parts of the cursor and its id, nil
// for the beginning. A query that does not fit its index is a programmer's error.
func Asked[T any](spec models.Spec[T], q models.Query) (ix models.Index[T], after []any, err error) {
	wrong := func(format string, args ...any) (models.Index[T], []any, error) {
		return ix, nil, fmt.Errorf("store: query of %s by %q: %w", spec.Name, q.Index, fmt.Errorf(format, args...))
	}
	width := 1
	if q.After.ID != "" {
		after = []any{q.After.ID}
	}
	if q.Index != "" {
		i := slices.IndexFunc(spec.Indexes, func(ix models.Index[T]) bool { return ix.Name == q.Index })
		if i < 0 {
			return wrong("there is no such index")
		}
		ix = spec.Indexes[i]
		width = ix.Width
		if after != nil {
			if err := CheckParts(q.After.Parts, width); err != nil {
				return wrong("cursor: %w", err)
			}
			after = append(slices.Clone(q.After.Parts), q.After.ID)
		}
	}
	bounds := slices.DeleteFunc([]any{q.From, q.To}, func(bound any) bool { return bound == nil })
	if len(q.Equal) > width || len(bounds) > 0 && len(q.Equal) == width {
		return wrong("%d parts and %d bounds, but it has %d parts", len(q.Equal), len(bounds), width)
	}
	for _, values := range [][]any{q.Equal, bounds} {
		if err := CheckParts(values, len(values)); err != nil {
			return wrong("%w", err)
		}
	}
	return ix, after, nil
}
