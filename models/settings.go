package models

// Settings are what the central office sets while the program runs, in contrast
// to those of its surroundings, which need a restart. The zero value is how an
// installation begins. They compare with ==.
type Settings struct {
	// Office is whom organisers ask for help; it stands on each of their pages.
	Office Contact `json:"office,omitzero"`
	// SecondFactor asks organisers too, and not coordinators alone, for a passkey or
	// an authenticator code before addresses, notes and exports.
	SecondFactor bool `json:"second_factor,omitempty"`
}

// Reachable reports whether organisers see whom at the central office they can call.
func (s Settings) Reachable() bool { return s.Office.Name != "" && s.Office.Phone != "" }

// Validate returns the wrong fields.
func (s Settings) Validate() error {
	var f Faults
	CheckLine(&f, "office.name", s.Office.Name, false, MaxName)
	if phone := s.Office.Phone; phone != "" && digits(phone) < leastDigits {
		f.Add("office.phone", "bad-phone") // organisers call it by a tap
	} else {
		CheckLine(&f, "office.phone", phone, false, MaxPhone)
	}
	CheckEmail(&f, "office.email", s.Office.Email, false)
	return f.Err()
}
