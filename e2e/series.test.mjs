// What comes again: an event becomes a series but for one day, all that follow are moved
// together, seen before and undone before anybody is told, and one is copied and kept
// as a template. On a phone and at a desk, without JavaScript.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { follow, published, signIn, start, visitor } from './city.mjs'
import { letters } from './mail.mjs'
import { events } from './paths.mjs'

const title = 'Provkör symaskinen'

let city, desk, cookies
before(async () => {
  city = await start()
  desk = await visitor(city, { viewport: { width: 1280, height: 900 }, bypassCSP: true })
  await signIn(desk.page, city.organiser)
  cookies = await desk.context.cookies()
})
after(async () => { await city?.stop() })

// somebody is the organiser in a browser without JavaScript.
async function somebody (width) {
  const { page, wrongs } = await visitor(city, { viewport: { width, height: 800 }, javaScriptEnabled: false })
  await page.context().addCookies(cookies)
  return { page, wrongs }
}

// judged is where somebody is, seen by the desk, narrow and wide.
async function judged (page) {
  await desk.page.goto(page.url())
  for (const width of [360, 1280]) {
    await desk.page.setViewportSize({ width, height: 900 })
    await accessible(desk.page)
  }
}

// comes signs somebody up, the same each time.
async function comes (event) {
  const answer = await fetch(`${city.site}/api/v1/events/${event.id}/rsvps`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ name: 'Prova Nål', email: 'nal@example.org', party: 1, consent: true, language: 'sv' })
  })
  assert.equal(answer.status, 201)
}

// begins are the hours by the clock at which the events of that title begin.
async function begins () {
  const all = await events(city, `from=2031-01-01T00:00:00Z&q=${encodeURIComponent(title)}`)
  return all.map(e => new Date(e.starts).toLocaleTimeString('sv-SE', { timeZone: 'Europe/Stockholm', timeStyle: 'short' }))
}

test('a series is made, moved and as it was', async () => {
  await published(desk.page, city.site, 'other', {
    title, summary: 'Ta med något att laga.', 'starts.date': '2031-03-05', 'starts.time': '18', 'ends.time': '20',
    'place.name': 'Provsalen', 'place.address': 'Exempelgatan 1', 'rsvp.needed': 'yes'
  })
  const [first] = await events(city, `from=2031-01-01T00:00:00Z&q=${encodeURIComponent(title)}`)
  const { page, wrongs } = await somebody(360)
  await page.goto(`${city.site}/organise/events/${first.id}/series`)
  await page.getByLabel('Varannan onsdag').check()
  await page.getByLabel('Hur många gånger?').fill('5')
  await follow(page.getByRole('button', { name: 'Visa dagarna' }))
  await judged(page)
  assert.deepEqual(await page.locator('[name=days]').evaluateAll(all => all.map(d => d.value)), ['14', '28', '42', '56'])
  await page.getByLabel('onsdag 2 april 2031').uncheck()
  await follow(page.getByRole('button', { name: 'Skapa aktiviteterna' }))
  await page.getByText('Nu finns 3 aktiviteter till i serien').waitFor()
  await judged(page)
  assert.deepEqual(await begins(), ['18:00', '18:00', '18:00', '18:00'])

  // Somebody comes twice, and would be told once.
  const all = await events(city, `from=2031-01-01T00:00:00Z&q=${encodeURIComponent(title)}`)
  for (const e of all.slice(1, 3)) await comes(e)
  await page.goto(`${city.site}/organise/events/${all[1].id}`)
  await judged(page)
  await page.locator('[name="starts.time"]').fill('19')
  await page.locator('[name="ends.time"]').fill('21')
  await page.getByLabel('Den här och alla efter').check()
  await follow(page.locator('button.first[value=save]'))
  await page.getByText('3 aktiviteter, en person och ett mejl').waitFor()
  assert.equal(await page.locator('.plan li').count(), 3)
  assert.deepEqual(await begins(), ['18:00', '18:00', '18:00', '18:00'], 'changed before she has said so')
  await judged(page)
  await follow(page.getByRole('button', { name: 'Gör ändringarna' }))
  await page.getByText('Du kan ångra allt fram till').waitFor()
  assert.deepEqual(await begins(), ['18:00', '19:00', '19:00', '19:00'])
  await judged(page)
  await follow(page.getByRole('button', { name: 'Ångra allt' }))
  await page.getByText('Ingen har fått något mejl').waitFor()
  assert.deepEqual(await begins(), ['18:00', '18:00', '18:00', '18:00'])
  // By the time that she has a letter of what she did since, she was told of nothing else.
  await comes(first)
  const told = await (await letters(desk.page, city.site, /./, { to: 'nal@example.org', many: 3 })).allInnerTexts()
  assert.deepEqual(told.filter(subject => !subject.startsWith('Du är anmäld')), [], 'somebody was told of what was undone')
  assert.deepEqual([...wrongs, ...desk.wrongs], [])
})

test('one is copied, and kept as a template', async () => {
  const { page, wrongs } = await somebody(1280)
  await page.goto(city.site + '/organise/events')
  await follow(page.getByRole('link', { name: 'Kopiera Läxhjälp varannan onsdag' }).first())
  assert.equal(await page.locator('[name=title]').inputValue(), 'Läxhjälp varannan onsdag')
  assert.equal(await page.locator('[name="starts.date"]').inputValue(), '', 'the day has come along')
  await judged(page)
  await page.locator('[name="starts.date"]').fill('2031-05-07')
  await follow(page.locator('button[value=save]'))
  await follow(page.getByRole('link', { name: 'Spara som mall' }))
  await page.getByLabel('Mallens namn').fill('Läxhjälpen')
  await judged(page)
  await follow(page.getByRole('button', { name: 'Spara mallen' }))
  await page.getByText('Mallen är sparad').waitFor()
  await judged(page)
  await page.goto(city.site + '/organise/events/new')
  await judged(page)
  await follow(page.getByRole('link', { name: 'Läxhjälpen' }))
  assert.equal(await page.locator('[name="place.name"]').inputValue(), 'Provbiblioteket')
  assert.deepEqual([...wrongs, ...desk.wrongs], [])
})
