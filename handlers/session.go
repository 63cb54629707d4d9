package handlers

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"samling/models"
	"samling/planner"
)

// organiserKey is where a request to the organiser's side keeps who asks.
const organiserKey = "organiser"

// unkept keeps what organisers see out of caches and search engines.
func unkept(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	c.Set("X-Robots-Tag", "noindex, nofollow")
	return c.Next()
}

// organisersOnly lets nobody on but who is signed in; others go to the sign-in
// page, and from there to where they were going.
func (s *Server) organisersOnly(c *fiber.Ctx) error {
	who, err := s.bySession(c)
	if err != nil {
		return err
	}
	if who.Organiser == nil {
		to := s.here(c, "/sign-in")
		// What was posted is gone with the session, and cannot be asked for anew.
		if c.Method() == fiber.MethodGet || c.Method() == fiber.MethodHead {
			to += "?then=" + url.QueryEscape(c.OriginalURL())
		}
		return c.Redirect(to, http.StatusSeeOther)
	}
	c.Locals(organiserKey, who)
	return c.Next()
}

// by is who is signed in, behind organisersOnly.
func by(c *fiber.Ctx) *models.Organiser { return signedInAs(c).Organiser }

// signedInAs is by with the session that says so.
func signedInAs(c *fiber.Ctx) planner.SignedIn {
	who, _ := c.Locals(organiserKey).(planner.SignedIn)
	return who
}

// bySession is who is signed in; without an organiser: nobody. A session that is
// wrong, ended or has run out is none.
func (s *Server) bySession(c *fiber.Ctx) (planner.SignedIn, error) {
	who, err := s.Planner.BySession(c.UserContext(), c.Cookies(s.cookieName()))
	if codeOf(err) == models.CodeNotSignedIn {
		return planner.SignedIn{}, nil
	}
	return who, err
}

// cookieName is the name of the cookie of a session. With the prefix, which
// needs TLS, a browser takes it from this host alone, so that no neighbour under
// the same domain can slip in a session of its own (RFC 6265bis §4.1.3.2).
func (s *Server) cookieName() string {
	if s.secure() {
		return "__Host-samling"
	}
	return "samling"
}

// knownCookie is the name of the cookie that marks a browser with which somebody has
// signed in: she is told of others by mail.
func (s *Server) knownCookie() string { return s.cookieName() + "-known" }

func (s *Server) secure() bool { return strings.HasPrefix(s.Site, "https://") }

// setCookie gives a browser a cookie that lasts so long; 0: until it is closed.
func (s *Server) setCookie(c *fiber.Ctx, name, value string, lasts time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: int(lasts / time.Second), SessionOnly: lasts == 0,
		Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// dropSession takes the secret of its session back from a browser.
func (s *Server) dropSession(c *fiber.Ctx) {
	c.Cookie(&fiber.Cookie{
		Name: s.cookieName(), Path: "/", Expires: time.Unix(1, 0), Secure: s.secure(), HTTPOnly: true, SameSite: fiber.CookieSameSiteLaxMode,
	})
}

// here is the address of a page in the language of the one that was asked for.
func (s *Server) here(c *fiber.Ctx, page string) string {
	return s.prefix(s.pageWords(c).Language()) + page
}

// onwards is where somebody goes who has signed in: on the organiser's side, and
// nowhere else, whatever the address says.
func (s *Server) onwards(c *fiber.Ctx, then string) string {
	u, err := url.Parse(then)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || strings.ContainsAny(then, "\\\r\n\t") || path.Clean(u.Path) != u.Path {
		return s.here(c, "/organise")
	}
	for _, language := range s.Words.Complete().Languages() {
		home := s.prefix(language) + "/organise"
		if u.Path == home || strings.HasPrefix(u.Path, home+"/") {
			return u.RequestURI()
		}
	}
	return s.here(c, "/organise")
}

// form is what somebody filled in.
type form url.Values

// formOfRequest reads a posted form.
func formOfRequest(c *fiber.Ctx) (form, error) {
	body, err := bodyOf(c)
	if err != nil {
		return nil, err
	}
	v, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, models.Because(models.CodeMalformed, err)
	}
	return form(v), nil
}

// get is the value of a field, without space around it, and with the line breaks
// that everybody but a browser's form uses.
func (f form) get(name string) string {
	return strings.TrimSpace(strings.ReplaceAll(url.Values(f).Get(name), "\r\n", "\n"))
}

// has reports whether a box is ticked.
func (f form) has(name string) bool { return f.get(name) != "" }

// list are the values of a field that has several.
func (f form) list(name string) []string {
	var out []string
	for _, v := range f[name] {
		if v = strings.TrimSpace(v); v != "" {
			out = append(out, v)
		}
	}
	return out
}

func (f form) set(name string, values ...string) { f[name] = values }

func (f form) encode() string { return url.Values(f).Encode() }
