package handlers

import (
	"strings"
	"testing"
	"time"
)

func TestHistory_SaysWhoChangedWhat(t *testing.T) {
	c := newCity(t)
	b := c.signedIn("husie@example.org")
	at := b.draft("do", "publish")
	c.pass(time.Minute)
	b.send("POST", at, filled(t, b.get(at), "place.name", "Biblioteket <b>", "starts.time", "19", "ends.time", "21", "audience", "members", "do", "save")).want(t, 303)
	page := b.get(at+"/history").want(t, 200)
	page.contains(t, "husie@example.org", "ändrade", "publicerade", "började skriva", "<dt>Plats</dt>", "<del>Aulan</del>", "Biblioteket &lt;b&gt;",
		"<dt>Börjar</dt>", "fredag 13 mars kl. 19.00", "För medlemmar")
	if strings.Index(page.body, "ändrade") > strings.Index(page.body, "publicerade") {
		t.Error("the newest does not stand first")
	}
	b.get(at).contains(t, at+"/history")
	b.get("/en"+at+"/history").contains(t, "<dt>Place</dt>", "published")
}

func TestChangeLog(t *testing.T) {
	c := newCity(t)
	b, office := c.signedIn("husie@example.org"), c.signedIn("office@example.org")
	at := b.draft()
	c.pass(time.Minute)
	b.send("POST", at, filled(t, b.get(at), "title", "=2+2", "do", "save")).want(t, 303)
	page := office.get("/organise/changes").want(t, 200).contains(t, "husie@example.org", "började skriva", `href="`+at+`"`, "/organise/changes.csv?")
	if !strings.Contains(page.body, `aria-current="page">Staden`) {
		t.Error("the log is not in the room of the city")
	}
	office.get("/organise/changes?who=nobody").want(t, 200).contains(t, "Ingen har gjort en sådan ändring")
	office.get("/organise/changes?from=zz").want(t, 422).contains(t, `href="#from"`)
	file := office.get("/organise/changes.csv?event=" + at[strings.LastIndex(at, "/")+1:])
	file.want(t, 200).contains(t, "\ufeffTid;", "husie@example.org;ändrade", ";Rubrik;Öppet möte om skolan;'=2+2")
	if got := file.Header.Get("Content-Disposition"); !strings.Contains(got, "vem-har-andrat.csv") {
		t.Errorf("Content-Disposition %q", got)
	}
	b.get("/organise/changes").want(t, 404)
}
