package planner

import (
	"errors"
	"testing"

	"samling/models"
)

func TestSettings_ForCoordinatorsAlone(t *testing.T) {
	w := newCity(t)
	office := models.Contact{Name: "Kansliet", Phone: "040-123 45"}
	set := func(s *models.Settings) { s.Office = office }
	if err := w.SetSettings(w.ctx, &models.Organiser{Role: models.RoleOrganiser, For: []string{"husie"}}, set); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an organiser: %v", err)
	}
	if got := w.Settings(); got != (models.Settings{}) {
		t.Errorf("changed all the same: %+v", got)
	}
	if err := w.SetSettings(w.ctx, Command(), set); err != nil {
		t.Fatal(err)
	}
	if got := w.Settings().Office; got != office {
		t.Errorf("got %+v, want %+v", got, office)
	}
}
