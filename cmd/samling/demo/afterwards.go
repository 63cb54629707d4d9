package demo

import (
	"context"
	"fmt"
	"time"

	"samling/models"
	"samling/planner"
)

// left is how long ago an event was that its organisers may still have to close.
const left = 4 * 24 * time.Hour

// afterwards closes an event that was held, unless it was only now, with how many came
// and something that was said there.
func (c *City) afterwards(ctx context.Context, e *models.Event) error {
	if c.Today.Sub(e.Ends) < left {
		return nil
	}
	*c.Clock = e.Ends.Add(15 * time.Hour)
	by := planner.Command()
	k, err := c.Planner.Closable(ctx, by, e.ID)
	if err != nil {
		return err
	}
	var said []models.Contribution
	if len(e.Groups) > 0 {
		said = append(said, models.Contribution{Line: 1, Text: opinions[c.rand.IntN(len(opinions))], Groups: e.Groups})
	}
	_, err = c.Planner.Close(ctx, by, e.ID, time.Time{}, models.Closing{Came: k.Ticked + k.WalkIns, Shown: c.rand.IntN(3) == 0}, said)
	return err
}

// yesterday holds an event of the organiser's who signs in, which waits for her to say
// how it went.
func (c *City) yesterday(ctx context.Context, city *planner.Catalogue) error {
	host, err := city.Association(Host)
	if err != nil {
		return fmt.Errorf("yesterday: %w", err)
	}
	p := c.event(subjects[0], host, -1)
	p.signUps, p.walkIns = 9, 6
	return c.live(ctx, p)
}

var opinions = []string{
	"Bussen går för sällan efter klockan sju. Många äldre kommer inte hem från mötena.",
	"Fler bänkar och mer skugga vid lekplatsen, det sa nästan alla.",
	"Ungdomarna vill ha en lokal som är öppen på lördagar, utan att någon bestämmer vad de ska göra där.",
	"Hyrorna har gått upp två gånger i år. Folk undrar vem som kontrollerar vad höjningen går till.",
	"Det är svårt att få tid på vårdcentralen om man inte kan ringa på morgonen.",
	"Flera vill vara med och odla på gården, men ingen vet vem man ska fråga.",
}
