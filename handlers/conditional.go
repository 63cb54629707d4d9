package handlers

import (
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/utils"

	"samling/models"
	"samling/planner"
)

// etagOf is the entity tag (RFC 9110 §8.8.3) of an event: when it was last
// written, and nothing that moves by itself, since it is for If-Match.
func etagOf(updated time.Time) string {
	return `"` + strconv.FormatInt(updated.UnixMilli(), 36) + `"`
}

// ifMatch is the state of an event that a client has seen, by its If-Match (RFC
// 9110 §13.1.1); planner.Anyway when it does not say or takes any. now is the
// state that this instance knows of, which decides between several. Weak tags
// never match.
func ifMatch(c *fiber.Ctx, now time.Time) (time.Time, error) {
	header := c.Get(fiber.HeaderIfMatch)
	if header == "" {
		return planner.Anyway, nil
	}
	seen, ok := time.Time{}, false
	for tag := range tags(header) {
		if tag == "*" {
			return planner.Anyway, nil
		}
		quoted := len(tag) > 2 && tag[0] == '"' && tag[len(tag)-1] == '"'
		if !quoted {
			continue
		}
		n, err := strconv.ParseInt(tag[1:len(tag)-1], 36, 64)
		if err != nil {
			continue
		}
		if t := time.UnixMilli(n).UTC(); !ok || t.Equal(now) {
			seen, ok = t, true
		}
	}
	if !ok {
		return seen, models.ErrChangedMeanwhile
	}
	return seen, nil
}

// namesTag reports whether a request says by If-None-Match what its client has,
// and whether the tag is among it. The list may come in several lines (RFC 9110
// §5.3).
func namesTag(c *fiber.Ctx, tag string) (asked, named bool) {
	for _, line := range c.Request().Header.PeekAll(fiber.HeaderIfNoneMatch) {
		asked = true
		named = named || noneMatch(utils.UnsafeString(line), tag)
	}
	return asked, named
}

// noneMatch reports whether If-None-Match (RFC 9110 §13.1.2) names the tag, which
// is compared weakly: proxies that compress make our tags weak.
func noneMatch(header, tag string) bool {
	for t := range tags(header) {
		if t == "*" || strings.TrimPrefix(t, "W/") == strings.TrimPrefix(tag, "W/") {
			return true
		}
	}
	return false
}

// tags are the entity tags of a header. Ours have no commas.
func tags(header string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for tag := range strings.SplitSeq(header, ",") {
			if !yield(strings.TrimSpace(tag)) {
				return
			}
		}
	}
}
