package mailer

import (
	"bytes"
	"testing"
	"time"

	"samling/models"
)

// A mail about a members' event leads nobody to the public page that it does not
// have, and to its own only those who are going.
func TestCompose_MembersEvent(t *testing.T) {
	going := map[models.MailKind]bool{
		models.MailGoing: true, models.MailPromoted: true, models.MailParty: true, models.MailChanged: true,
		models.MailPlace: true, models.MailPostponed: true, models.MailCancelled: true,
	}
	seen := 0
	for _, kind := range kinds() {
		l := letter(t, kind)
		l.Language = "en"
		l.Mail.About.Link = &models.Link{Made: time.UnixMilli(36).UTC()}
		for i := range l.Living {
			l.Living[i].About.Link = l.Mail.About.Link
		}
		_, parts := leaves(t, compose(t, l).Bytes)
		for _, p := range parts {
			content := bytes.ReplaceAll(p.content, []byte("\r\n "), nil)
			if bytes.Contains(content, []byte("samling.example/events/")) || bytes.Contains(content, []byte("/en/events/")) {
				t.Errorf("%s: the %s part leads to a public page", kind, p.mediaType)
			}
			own := bytes.Contains(content, []byte("/en/members/members 10-"+l.Mail.Event+"/events/bostader-for-alla"))
			if kind == models.MailTogether { // each of them its own
				own = bytes.Contains(content, []byte("/en/members/members 10-")) && bytes.Contains(content, []byte("/events/sprakkafe-"))
			}
			if calendar := p.mediaType == "text/calendar" || p.mediaType == "application/ics"; own != (calendar && (going[kind] || kind == models.MailTogether)) {
				t.Errorf("%s: the %s part has the members' link: %t", kind, p.mediaType, own)
			} else if own {
				seen++
			}
		}
	}
	if seen != 2*len(going)+4 {
		t.Errorf("%d parts had the link", seen)
	}
}
