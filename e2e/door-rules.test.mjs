// What the page at a door counts, without a browser. The server's own sums are in
// models/door_test.go, with the same cases.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import '../handlers/static/door-rules.js'

const { found, seats, shown, turnout } = globalThis.doorRules
const list = capacity => ({ capacity, rows: [{ rsvp: 'a', party: 2, expected: true }, { rsvp: 'b', party: 3, expected: true }, { rsvp: 'waits', party: 1, expected: false }] })
const say = { walked: '{n} utan', full: 'fullt', over: '{n} fler', 'left.one': '{n} plats', 'left.other': '{n} platser' }

test('turnout', () => {
  const cases = [
    ['nobody yet', {}, 0, 10, 0, 5],
    ['part of a party', { b: 1 }, 0, 10, 1, 5],
    ['more than the party', { a: 4 }, 0, 10, 4, 3],
    ['who waited came in', { waits: 1 }, 0, 10, 1, 4],
    ['walk-ins', {}, 2, 10, 0, 3],
    ['more people than seats', {}, 7, 10, 0, -2]
  ]
  for (const [name, here, walkIns, capacity, come, left] of cases) {
    assert.deepEqual(turnout(list(capacity), { here, walkIns }), { here: come, expected: 5, walkIns, left, limited: true }, name)
  }
  assert.equal(turnout(list(0), { here: {}, walkIns: 7 }).limited, false)
})

test('seats in words', () => {
  const words = (walkIns, capacity) => seats(say, turnout(list(capacity), { here: {}, walkIns }))
  assert.equal(words(0, 10), '0 utan · 5 platser')
  assert.equal(words(4, 10), '4 utan · 1 plats')
  assert.equal(words(5, 10), '5 utan · fullt')
  assert.equal(words(7, 10), '7 utan · 2 fler')
  assert.equal(words(7, 0), '7 utan')
})

test('presses that wait stand above what the server said', () => {
  const counts = { here: { a: 2 }, walk_ins: 3 }
  const is = queue => shown(counts, queue, { w: 2 })
  assert.deepEqual(is([]).here, { a: 2 })
  assert.deepEqual(is([{ rsvp: 'a', count: 0 }, { rsvp: 'b', count: 1 }, { rsvp: 'b', count: 3 }]).here, { a: 0, b: 3 })
  assert.equal(is([{ walk_in: 'x', count: 4 }]).walkIns, 7)
  assert.equal(is([{ walk_in: 'x', count: 4 }, { walk_in: 'x', count: 0 }]).walkIns, 3, 'taken back before it was sent')
  assert.equal(is([{ walk_in: 'w', count: 0 }]).walkIns, 1, 'taken back after it was sent')
  assert.deepEqual(counts, { here: { a: 2 }, walk_ins: 3 }, 'what the server said was changed')
})

test('names are found', () => {
  for (const [name, typed, is] of [
    ['Åsa Ö.', 'as', true], ['Åsa Ö.', 'ås', true], ['Åsa Ö.', 'o', true], ['Åsa Ö.', 'åsa ö', true], ['Anna S.', 'nna', false],
    ['Anna S.', 'ANNA', true], ['Anna S.', '  ', true], ['Anna S.', 's an', true], ['Anna S.', 'anna e', false]
  ]) assert.equal(found(name, typed), is, `${typed} in ${name}`)
})
