// The attendance list, as an organiser works with it: found, put in order, changed
// and taken along; on a phone without JavaScript, and at a desk by keyboard.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { enter, follow, published, start, tabTo, visitor } from './city.mjs'
import { letters, signInCode } from './mail.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

// organising is a page of the organiser's, with an event of hers with so many seats,
// to which those have signed up in their order.
async function organising (seats, people, options) {
  const seen = await visitor(city, options)
  await seen.page.goto(city.site + '/sign-in')
  await seen.page.fill('input[name=email]', 'organiser@example.org')
  await follow(seen.page.locator('main form button'))
  await seen.page.fill('input[name=code]', await signInCode(seen.context, city.site, 'organiser@'))
  await follow(seen.page.locator('main form button.first'))
  await seen.page.waitForURL(/\/organise$/)
  const at = await published(seen.page, city.site, 'seminar', { title: `Listan ${seats} ${Math.random()}`, 'starts.date': '2031-03-05', 'starts.time': '18', capacity: String(seats) })
  const slug = at.split('/').pop()
  for (const [name, party, note] of people) {
    await fetch(`${city.site}/api/v1/events/${slug}/rsvps`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, email: `${Math.random()}@example.org`, party, note, consent: true })
    })
  }
  const { id } = await (await fetch(`${city.site}/api/v1/events/${slug}`)).json()
  return { ...seen, list: `${city.site}/organise/events/${id}/attendance` }
}

const names = page => page.locator('.who > a').allInnerTexts()

const people = [['Åke Ek', 2], ['Ada Ek', 1, 'Rullstol'], ['Öst Berg', 1], ['Ärla Ek', 1]]

test('on a phone, without JavaScript', async () => {
  const { page, context, wrongs, list } = await organising(3, people, { javaScriptEnabled: false })
  await page.goto(list)
  assert.deepEqual(await names(page), ['Ada Ek', 'Åke Ek', 'Öst Berg', 'Ärla Ek'])
  await page.fill('#q', 'ake')
  await follow(page.locator('.find button').first())
  assert.deepEqual(await names(page), ['Åke Ek'])
  await page.goto(list + '?order=name&needs=yes')
  assert.deepEqual(await names(page), ['Ada Ek'])

  await page.goto(list)
  await page.locator('details:has(#name) summary').click()
  await page.fill('#name', 'Ringde Själv')
  await page.fill('#party', '1')
  await follow(page.locator('form[action*="/rsvps"] button'))
  assert.match(await page.locator('.said').innerText(), /fullt.*reservlistan/)

  await follow(page.getByRole('link', { name: 'Ärla Ek' }))
  await follow(page.locator('button[value=seat]'))
  assert.match(await page.locator('[role=alert]').innerText(), /3 platser.*ni 4/s)
  await follow(page.locator('button[name=anyway]'))
  assert.match(await page.locator('.said').innerText(), /Ärla Ek har plats/)
  await follow(page.locator('.said button'))
  assert.match(await page.locator('.said').innerText(), /Ärla Ek är reserv nummer/)

  await follow(page.getByRole('link', { name: 'Åke Ek' }))
  await page.fill('#parting', 'Du står med två gånger, så vi tog bort den ena.')
  await follow(page.locator('button[value=cancel]'))
  assert.match(await page.locator('.said').innerText(), /Åke Ek är inte längre anmäld/)
  await follow((await letters(page, city.site, /^Inte längre anmäld: Listan 3/)).first())
  assert.match(await page.frameLocator('iframe').locator('body').innerText(), /Du står med två gånger/)
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('at a desk, by keyboard', async () => {
  const { page, context, wrongs, list } = await organising(10, people, { viewport: { width: 1280, height: 900 }, bypassCSP: true })
  await page.goto(list)
  await page.locator('#q').focus()
  await page.keyboard.type('berg')
  await enter(page)
  await page.waitForURL(/q=berg/)
  assert.deepEqual(await names(page), ['Öst Berg'])
  await tabTo(page, 'Öst Berg')
  await enter(page)
  await page.waitForURL(/attendance\/[0-9a-f-]+\?q=berg/)
  await tabTo(page, 'Så många kommer')
  await page.keyboard.press('Control+A')
  await page.keyboard.type('3')
  await enter(page)
  await page.waitForURL(/did=party/)
  assert.match(await page.locator('.said').innerText(), /Öst Berg har plats: 3 personer/)
  for (const path of ['', '/details', '/ticks', '/blank']) {
    await page.goto(list + path)
    await accessible(page)
  }
  await page.goto(list)
  await follow(page.getByRole('link', { name: 'Ada Ek' }))
  await accessible(page)

  await page.goto(list)
  await page.check('input[name=with][value=note]')
  const download = async name => {
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
    return readFile(await file.path())
  }
  const csv = (await download('Hämta CSV')).toString()
  assert.match(csv, /^\ufeffNamn;Antal;Läge;Att veta\r\n/)
  assert.match(csv, /Ada Ek;1;Anmäld;Rullstol\r\n/)
  assert.match(csv, /Hämtad av organiser@example\.org .*Förstörs senast/)
  assert.equal((await download('Hämta för Excel')).subarray(0, 2).toString(), 'PK')
  assert.deepEqual(wrongs, [])
  await context.close()
})

// Thirty who come, each looked for and ticked off: the figures are said, and only
// that it can be done is asked.
test('thirty people are ticked off, and the list is as many sheets as it needs', async () => {
  const thirty = Array.from({ length: 70 }, (_, i) => [`Provberg ${String.fromCharCode(65 + i % 26)}${i}`, 1 + i % 2])
  const { page, context, wrongs, list } = await organising(0, thirty)
  await page.goto(list)
  const began = Date.now()
  let clicks = 0
  for (; clicks < 30; clicks++) await follow(page.locator('form[action*="/checkins"] button.first').first())
  assert.equal(await page.locator('li.here').count(), 30)
  console.log(`30 ticked off in ${((Date.now() - began) / 1000).toFixed(1)} s and ${clicks} clicks`)
  await page.goto(list + '/ticks')
  const pdf = (await page.pdf({ format: 'A4' })).toString('latin1')
  assert.ok((pdf.match(/\/Type\s*\/Page\b/g) ?? []).length > 1, 'seventy people stand on one sheet')
  await page.goto(list + '/blank')
  assert.equal(((await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length, 1)
  assert.deepEqual(wrongs, [])
  await context.close()
})
