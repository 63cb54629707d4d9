// What a door counts, without a page or a network: e2e/door-rules.test.mjs tests it.
// The server says the same without scripts (models.TurnoutOf, handlers turnoutSaid).
globalThis.doorRules = (() => {
  const fill = (sentence, gaps) => sentence.replace(/\{(\w+)\}/g, (gap, name) => name in gaps ? gaps[name] : gap)

  // shown is what is true once the presses that wait to be sent have been taken. sent
  // is what this phone has said of walk-ins before, by their ids.
  function shown (counts, queue, sent) {
    const here = Object.assign({}, counts.here)
    const walked = Object.assign({}, sent)
    for (const press of queue) {
      if (press.rsvp) here[press.rsvp] = press.count
      else walked[press.walk_in] = press.count
    }
    const more = Object.keys(walked).reduce((sum, id) => sum + walked[id] - (sent[id] || 0), 0)
    return { here, walkIns: counts.walk_ins + more, sent: walked }
  }

  function turnout (list, { here, walkIns }) {
    const t = { here: 0, expected: 0, walkIns, left: list.capacity - walkIns, limited: list.capacity > 0 }
    for (const row of list.rows) {
      const n = here[row.rsvp] || 0
      t.here += n
      if (row.expected) t.expected += row.party
      t.left -= row.expected ? Math.max(row.party, n) : n
    }
    return t
  }

  function seats (say, t) {
    const walked = fill(say.walked, { n: t.walkIns })
    if (!t.limited) return walked
    const left = t.left < 0 ? fill(say.over, { n: -t.left })
      : t.left === 0 ? say.full : fill(say[t.left === 1 ? 'left.one' : 'left.other'], { n: t.left })
    return walked + ' · ' + left
  }

  const fold = text => text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().split(/\s+/).filter(Boolean)

  // found reports whether each word that was typed begins one of the name; an a also
  // finds an å, for a keyboard that has none.
  const found = (name, typed) => fold(typed).every(word => fold(name).some(part => part.startsWith(word)))

  return { fill, shown, turnout, seats, found }
})()
