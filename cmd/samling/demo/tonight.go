package demo

import (
	"context"
	"time"

	"samling/models"
	"samling/planner"
)

// tonightNames is how many sign up for a meeting at whose door somebody must stand.
const tonightNames = 118

// tonight lets the invented city have one such meeting that begins in an hour or two,
// and returns its id.
func (c *City) tonight(ctx context.Context) (string, error) {
	host, err := c.Planner.Catalogue().Association(Host)
	if err != nil {
		return "", err
	}
	yes, free := true, 0
	starts := c.Today.Truncate(time.Hour).Add(2 * time.Hour)
	e := models.Event{
		Kind: models.TownHall, Host: host.ID, Starts: starts, Ends: starts.Add(3 * time.Hour), Capacity: 260,
		Text: models.Text{Title: "Stormöte om hyrorna", Summary: "Hur håller vi hyrorna nere? Kom och säg vad du tycker."},
		Texts: map[string]models.Text{
			"en": {Title: "Great meeting about rents", Summary: "How do we keep rents down? Come and say what you think."},
		},
		Place: models.Place{Name: "Stora salen", Address: "Exempelgatan 4"}, Price: &free, Indoors: &yes,
		Access:  models.Access{StepFree: &yes, Toilet: &yes},
		SignUp:  models.SignUpRules{Needed: true},
		Contact: models.Contact{Name: "Expeditionen", Phone: "040-000 00 00", Email: host.Email},
	}
	*c.Clock = c.Today.AddDate(0, 0, -20)
	by := planner.Command()
	if e, err = c.Planner.CreateEvent(ctx, by, e); err != nil {
		return "", err
	}
	if e, err = c.Planner.MoveEvent(ctx, by, e.ID, planner.Anyway, models.Publish, ""); err != nil {
		return "", err
	}
	return e.ID, c.signUp(ctx, &e, tonightNames, *c.Clock)
}
