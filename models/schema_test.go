package models

import "testing"

// An index whose parts are another number than it says, or of another type,
// would be kept by one store and not by the other.
func TestSpecs_PartsAreAsDeclared(t *testing.T) {
	names := map[string]bool{}
	check(t, names, DistrictSpec(), District{})
	check(t, names, AssociationSpec(), Association{})
	check(t, names, GroupSpec(), Group{})
	check(t, names, OrganiserSpec(), Organiser{})
	check(t, names, SignInSpec(), SignIn{})
	check(t, names, TokenSpec(), Token{})
	check(t, names, SessionSpec(), Session{})
	check(t, names, EventSpec(), Event{}, Event{Unsettled: true, PublishAt: noon})
	check(t, names, RosterSpec(), Roster{}, Roster{Due: noon})
	check(t, names, RSVPSpec(), RSVP{})
	check(t, names, WalkInSpec(), WalkIn{})
	check(t, names, DoorSpec(), Door{})
	check(t, names, EventKeySpec(), EventKey{})
	check(t, names, MailSpec(), Mail{})
	check(t, names, FollowSpec(), Follow{}, Follow{Due: noon})
	check(t, names, InstanceSpec(), Instance{})
	check(t, names, ReadSpec(), Read{})
	check(t, names, DigestSpec(), Digest{})
	check(t, names, PhotoSpec(), Photo{})
	check(t, names, VenueSpec(), Venue{}, Venue{Name: "venue"})
	check(t, names, MessageSpec(), Message{}, Message{Open: true})
	check(t, names, ContributionSpec(), Contribution{Line: 1})
	check(t, names, ChangeSpec(), Change{})
	check(t, names, InstallationSpec(), Installation{})
}

func check[T any](t *testing.T, names map[string]bool, spec Spec[T], docs ...T) {
	t.Helper()
	if spec.Name == "" || names[spec.Name] {
		t.Errorf("%q has no name of its own", spec.Name)
	}
	names[spec.Name] = true
	for _, index := range spec.Indexes {
		if key := spec.Name + "." + index.Name; names[key] {
			t.Errorf("two indexes are called %s", key)
		} else {
			names[key] = true
		}
		kept := 0
		for _, doc := range docs {
			parts := index.Parts(&doc)
			if parts == nil {
				continue
			}
			kept++
			if len(parts) != index.Width {
				t.Errorf("%s.%s has %d parts and says %d", spec.Name, index.Name, len(parts), index.Width)
			}
			for _, part := range parts {
				switch part.(type) {
				case string, int64:
				default:
					t.Errorf("%s.%s has a part of type %T", spec.Name, index.Name, part)
				}
			}
			if at := spec.At(index.Name, &doc, "id"); at.ID != "id" || len(at.Parts) != index.Width {
				t.Errorf("%s.%s: the cursor is %+v", spec.Name, index.Name, at)
			}
		}
		if kept == 0 {
			t.Errorf("%s.%s keeps none of the documents here", spec.Name, index.Name)
		}
	}
	if at := spec.At("", &docs[0], "id"); at.ID != "id" || at.Parts != nil {
		t.Errorf("%s: the cursor by id is %+v", spec.Name, at)
	}
}
