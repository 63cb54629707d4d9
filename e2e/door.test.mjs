// A door with two phones: somebody without an account ticks off who comes, one phone
// loses its coverage and is back the next morning.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { enter, follow, inDays, signIn, start, visitor } from './city.mjs'
import { eventually } from './mail.mjs'

let city, desk, event, code
before(async () => {
  city = await start()
  desk = (await visitor(city, { viewport: { width: 1280, height: 900 } })).page
  await signIn(desk, city.organiser)
  await desk.goto(city.site + '/organise/events')
  event = new URL(await desk.getByRole('link', { name: 'Stormöte om hyrorna' }).first().getAttribute('href'), city.site).href
  await desk.goto(event + '/door')
  assert.equal(await desk.locator('#link').inputValue(), city.door)
  code = await desk.locator('.four').innerText()
})
after(async () => { await city?.stop() })

// phone is somebody's who was given the link and told the code.
async function phone (name, options = {}) {
  const { page, context, wrongs } = await visitor(city, { bypassCSP: true, ...options })
  await page.goto(city.door)
  await page.fill('#code', code)
  await page.fill('#name', name)
  await follow(page.getByRole('button', { name: 'Öppna listan' }))
  await page.locator('.people li').first().waitFor()
  const row = n => page.locator('#people li').nth(n)
  return {
    page,
    context,
    row,
    wrongs,
    tick: n => row(n).locator('.tick').click(),
    number: () => page.locator('#number').innerText(),
    // look makes the phone ask at once, instead of within five seconds.
    look: () => page.evaluate(() => { dispatchEvent(new Event('online')) }),
    // here are how many have come, by the large number.
    here: async () => Number(/^\d+/.exec(await page.locator('#number').innerText())[0]),
    party: async n => Number(/^\d+/.exec(await row(n).locator('.party').textContent() || '1')[0]),
    says: text => page.locator('#net, #line').filter({ hasText: text }).first().waitFor()
  }
}

// left is what a phone still has of the door.
const left = page => page.evaluate(async () => [
  ...(await indexedDB.databases()).map(d => d.name), ...await caches.keys(), ...(await navigator.serviceWorker.getRegistrations()).map(r => r.scope)
])

test('the code opens it, wrong ones do not', async () => {
  const { page, context, wrongs } = await visitor(city, { bypassCSP: true })
  await page.goto(city.door)
  assert.equal(await page.getByText('Stormöte').count(), 0, 'the link alone names the event')
  await page.fill('#code', code === '0000' ? '0001' : '0000')
  await enter(page)
  await page.getByText('Det var inte rätt kod').waitFor()
  await accessible(page)
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('two phones, one of them offline and back the next morning', async () => {
  const yard = await phone('Dörr mot gården')
  const street = await phone('Gatan', { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' })
  await yard.says(/^Sparad \d\d\.\d\d · 118 namn · fungerar utan täckning$/)
  assert.match(await yard.number(), /^0 av \d+ har kommit$/)
  const parties = [await yard.party(0), await yard.party(1)]

  await yard.tick(0)
  await street.tick(1)
  for (const door of [yard, street]) await eventually('the doors do not agree', async () => await door.here() === parties[0] + parties[1])
  assert.equal(await yard.number(), await street.number())
  await yard.page.getByRole('button', { name: 'Ångra', exact: true }).last().click()
  await eventually('what was undone is still there', async () => await street.look() || await street.here() === parties[1])
  for (const door of [yard, street]) await accessible(door.page)

  // Part of a party, and more than it.
  const large = await street.page.locator('#people li').evaluateAll(all => all.findIndex((li, n) => n > 4 && li.querySelector('.party').textContent.startsWith('3')))
  await street.tick(large)
  await street.row(large).locator('.fewer').click()
  assert.equal(await street.row(large).locator('.part').innerText(), '2 av 3')
  await eventually('part of a party is not seen', async () => await yard.look() || await yard.here() === parties[1] + 2)

  await yard.context.setOffline(true)
  await yard.tick(2)
  await yard.says('inte skickat än: 1')
  await yard.page.fill('#many', '4')
  await yard.page.getByRole('button', { name: 'Lägg till' }).click()
  await yard.tick(3)
  await yard.page.locator('#undo').click()
  await yard.says('inte skickat än: 4')
  const before = await yard.number()
  await yard.page.reload()
  await yard.says('inte skickat än: 4')
  assert.equal(await yard.number(), before)
  assert.match(await yard.page.locator('#seats').innerText(), /^4 utan anmälan/)
  // What is kept on the phone names nobody in clear text.
  const kept = await yard.page.evaluate(async () => {
    const db = await new Promise(resolve => { const r = indexedDB.open('door ' + location.pathname); r.onsuccess = () => resolve(r.result) })
    const all = store => new Promise(resolve => { const r = db.transaction(store).objectStore(store).getAll(); r.onsuccess = () => resolve(r.result) })
    const [copy, key] = await all('kept')
    const text = JSON.stringify(await all('queue')) + new TextDecoder().decode(copy.sealed) + JSON.stringify(copy)
    db.close()
    return { text, extractable: key.extractable, cached: (await (await (await caches.open('door ' + location.pathname)).match(location.pathname)).text()) }
  })
  assert.equal(kept.extractable, false)
  for (const name of ['Prova', 'Demo', 'Stormöte']) assert.ok(!kept.text.includes(name) && !kept.cached.includes(name), `the phone keeps "${name}"`)

  // Another door ticks off one of the same party, later: that stands.
  const shared = await street.party(2)
  await street.tick(2)
  const sum = parties[1] + 2 + shared

  await eveningWasYesterday()
  await eventually('the other phone shows the list still', async () => await street.look() || (await street.page.locator('.people li').count()) === 0)
  await street.says('Kvällen är slut')
  await eventually('the other phone keeps something', async () => (await left(street.page)).length === 0)

  await yard.context.clock.setFixedTime(Date.now() + 14 * 36e5)
  await yard.page.reload()
  await yard.says('väntar på täckning: 4')
  assert.equal(await yard.page.locator('.people li').count(), 0, 'the list is shown the next morning')
  await yard.context.setOffline(false)
  await yard.says('Kvällen är slut')
  await eventually('something is left on the phone', async () => (await left(yard.page)).length === 0)
  await yard.page.reload()
  await yard.page.getByText('Listan är stängd').waitFor()

  await desk.goto(event + '/attendance')
  const numbers = (await desk.locator('.numbers').innerText()).replace(/\s+/g, ' ')
  assert.match(numbers, new RegExp(`\\b${sum}\\b.*\\b4\\b`), 'what was ticked off offline is not there once')
  for (const door of [yard, street]) {
    const wrong = door.wrongs.filter(w => !/ERR_INTERNET_DISCONNECTED| 409 /.test(w))
    assert.deepEqual(wrong, [])
    await door.context.close()
  }
})

// eveningWasYesterday moves the event to the evening before, as the organiser may.
async function eveningWasYesterday () {
  const day = inDays(-1)
  await desk.goto(event)
  for (const [name, value] of Object.entries({ 'starts.date': day, 'starts.time': '18', 'ends.date': day, 'ends.time': '20' })) {
    const field = desk.locator(`[name="${name}"]`)
    if (await field.isVisible()) await field.fill(value) // one day's end fills itself
  }
  await follow(desk.locator('button[name=do][value=save]'))
  assert.equal(await desk.locator('.wrong').count(), 0, await desk.locator('main').innerText())
}

test('without scripts the forms do it', async () => {
  // The evening is over: another one begins, with its own door.
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false })
  await desk.goto(event)
  const day = inDays(0)
  for (const [name, value] of Object.entries({ 'starts.date': day, 'starts.time': '00.00', 'ends.date': day, 'ends.time': '23.59' })) {
    const field = desk.locator(`[name="${name}"]`)
    if (await field.isVisible()) await field.fill(value) // one day's end fills itself
  }
  await follow(desk.locator('button[name=do][value=save]'))
  await desk.goto(event + '/door')
  await desk.locator('summary').filter({ hasText: 'kommit bort' }).click()
  await follow(desk.getByRole('button', { name: 'Ny länk och kod' }))
  await page.goto(await desk.locator('#link').inputValue())
  await page.fill('#code', await desk.locator('.four').innerText())
  await follow(page.getByRole('button', { name: 'Öppna listan' }))
  const number = async () => Number(/^\d+/.exec(await page.locator('#number').innerText())[0])
  const before = await number()
  const row = page.locator('#people li:not(.here)').first()
  const id = await row.getAttribute('id')
  await follow(row.locator('.tick'))
  assert.ok(await number() > before)
  assert.ok(page.url().endsWith('#' + id))
  for (let n = await number(); n > before; n--) await follow(page.locator(`#${id} button[name=count]:visible`).first())
  assert.equal(await number(), before)
  await page.fill('#many', '3')
  await follow(page.getByRole('button', { name: 'Lägg till' }))
  assert.match(await page.locator('#seats').innerText(), /^7 utan anmälan/)
  await follow(page.getByRole('button', { name: 'Ångra', exact: true }).first())
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('the log tells which phone looked', async () => {
  const { page, context } = await visitor(city)
  await signIn(page, city.coordinator)
  await page.goto(city.site + '/organise/log')
  assert.ok(await page.getByText('dörr: Telefon 1').count() > 0)
  assert.equal(await page.getByText('Dörr mot gården').count(), 0, 'the log has what the phone was called')
  await context.close()
})
