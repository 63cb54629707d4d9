package mailer

import "samling/models"

// desk writes to an organiser about her own access, or to a coordinator about
// that of others.
func (w *writer) desk() {
	m, key := w.Mail, "mail."+string(w.Mail.Kind)
	if m.Kind == models.MailWork {
		m.Asked = len(m.Work)
	}
	gaps := []any{"Count", m.Asked, "House", w.House.Name, "Day", w.Date(m.Until.In(w.zone))}
	w.page.Subject = w.T(key+".subject", gaps...)
	w.page.Head = w.T(key+".head", gaps...)
	w.page.Body = w.T(key+".body", gaps...)
	w.page.Preview = w.page.Body
	w.fact("access-for", w.List(w.hosts()))
	switch m.Kind {
	case models.MailNewBrowser, models.MailFactorAdded, models.MailFactorRemoved, models.MailFactorReset, models.MailTokenMade:
		w.fact("account-what", w.theirs(m.What))
		w.fact("account-when", w.moment(m.Born))
		w.page.Actions = []link{{w.T("mail.account.action"), w.url("/organise/account"), false}}
		w.page.Notes = []string{w.T("mail.account.not-you"), w.T("mail.account.then")}
	case models.MailInvited:
		w.fact("access-until", w.Date(m.Until.In(w.zone)))
		w.page.Actions = []link{{w.T(key + ".action"), w.signInURL(), true}}
		w.page.Notes = []string{w.T(key+".how", "Address", w.House.Site+"/sign-in"), w.T(key + ".not-me")}
	case models.MailWork:
		for _, e := range m.Work {
			zone := models.Zone(e.TimeZone)
			w.page.Items = append(w.page.Items, item{
				Title: oneLine(e.Title), When: w.When(e.Starts.In(zone), e.Ends.In(zone), e.DateOnly), Stands: []string{w.T(key + ".needs." + string(e.Need))},
				Links: []link{{Label: w.T(key + ".event"), URL: w.url("/organise/events/" + e.Event)}},
			})
		}
		w.page.Notes = []string{w.T(key + ".why")}
	case models.MailLapses:
		w.page.Actions = []link{{w.T(key + ".action"), w.url("/organise/organisers?show=lapsing"), true}}
	default:
		w.page.Notes = []string{w.T(key + ".ask")}
	}
	w.page.Footer = []string{w.T("mail.footer", "House", w.House.Name)}
}

// signInURL is the address of the link that a mail carries. It has no language in
// it: whoever signs in has her own.
func (w *writer) signInURL() string {
	return w.House.Site + "/sign-in?token=" + w.House.Token(SignInPurpose, w.Mail.SignIn)
}
