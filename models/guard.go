package models

import "time"

// What an organiser can do when somebody plays with a sign-up.

// RequireConfirm asks everybody who is going, and has not shown that the address
// is hers, to do so within a day. Her seat is held as long. Who waits is to do so
// when she gets a seat.
func (r *Roster) RequireConfirm(now time.Time) {
	now = Milli(now)
	r.Settle(now)
	for i := range r.Entries {
		if e := r.Entries[i]; e.State.Coming() && e.Who != (Who{}) && !e.Confirmed {
			if e.MustConfirm = true; e.State == Going {
				e.State, e.Until = Held, r.until(HoldLasts, now)
			}
			r.set(i, e)
		}
	}
	r.Settle(now)
}

// Remove takes people out, as if they had cancelled; what has no entry is left
// aside. bar lets nothing come of their addresses at this event any more.
func (r *Roster) Remove(ids []ID, bar bool, now time.Time) {
	now = Milli(now)
	r.Settle(now)
	for _, id := range ids {
		i := r.find(id)
		if i < 0 {
			continue
		}
		e := r.Entries[i]
		e.Barred = e.Barred || bar && e.Who != (Who{})
		if e.State != Left {
			e.leave(now)
		}
		r.set(i, e)
	}
	r.Settle(now)
}
