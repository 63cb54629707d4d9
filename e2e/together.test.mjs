// What associations do together: a co-host is invited, a part of the first of May is
// asked for, and the central office looks before something is published. Associations
// on a phone, the office at a desk.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { published as publish, start, visitor } from './city.mjs'
import { events } from './paths.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let city, office, organiser
before(async () => {
  city = await start()
  office = await signedIn(city.coordinator, { viewport: { width: 1280, height: 900 } })
  organiser = await signedIn(city.organiser)
})
after(async () => { await city?.stop() })

async function signedIn (link, options) {
  const one = await visitor(city, { bypassCSP: true, ...options })
  await one.page.goto(link)
  await one.page.locator('main form button').click()
  await one.page.waitForURL(/\/organise$/)
  return one
}

// neighbour is who works for another association, and signs in by the mail.
async function neighbour (association) {
  const { page, context } = await visitor(city)
  const email = `arrangor.${association}@example.org`
  await page.goto(city.site + '/sign-in')
  await page.fill('input[type=email]', email)
  await page.locator('main form button').first().click()
  const link = await linkIn(page, email, /./, 'a[href*="/sign-in?token="]')
  await context.close()
  return signedIn(link)
}

// letter is the newest letter to an address whose subject is like that. Mail is sent
// beside the answers.
async function letter (page, to, subject) {
  for (let tries = 0; tries < 100; tries++) {
    await page.goto(city.site + '/demo/mail')
    const found = page.locator('main li', { hasText: to }).getByRole('link', { name: subject }).first()
    if (await found.count()) return found
    await page.waitForTimeout(100)
  }
  assert.fail(`no letter "${subject}" to ${to}`)
}

// linkIn is a link in such a letter.
async function linkIn (page, to, subject, link = 'a[href*="/organise/"]') {
  await (await letter(page, to, subject)).click()
  return page.frameLocator('iframe').locator(link).first().getAttribute('href')
}

// accessible fails unless axe finds nothing in a page.
async function accessible (page) {
  await page.evaluate(axe)
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }))
  assert.deepEqual(violations.map(v => `${page.url()} ${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(', ')}`), [])
}

// ahead is a day so many days from now, which calendars show.
const ahead = days => new Date(Date.now() + days * 24 * 3600 * 1000).toISOString().slice(0, 10)

const calendar = async association => (await fetch(`${city.site}/feeds/associations/${association}.ics`)).text()

async function signUp (at, name) {
  const { page, context } = await visitor(city, { javaScriptEnabled: false })
  await page.goto(city.site + at)
  await page.fill('#name', name)
  await page.fill('#email', `${name.split(' ')[0].toLowerCase()}@example.org`)
  await page.check('#consent')
  await page.locator('form[action$="/rsvp"] button').first().click()
  await page.waitForURL(/\/rsvp\?/)
  await context.close()
}

test('a co-host is invited, accepts, sees who signs up from then on, and is taken out', async () => {
  const { page } = organiser
  const title = 'Provdans på två gårdar'
  const at = await publish(page, city.site, 'yard-party', { title, 'starts.date': ahead(40), 'starts.time': '18', 'place.name': 'Gården', 'rsvp.needed': 'yes' })
  await signUp(at, 'Tidiga Exempelsson')
  const event = '/organise/events/' + (await (await fetch(city.site + '/api/v1/events/' + at.split('/').at(-1))).json()).id
  await page.goto(city.site + event + '/hosts')
  for (const slug of ['kirseberg', 'husie']) {
    await page.selectOption('#host', slug)
    await page.getByRole('button', { name: 'Bjud in' }).click()
  }
  await accessible(page)
  await page.getByRole('button', { name: 'Ta tillbaka inbjudan till Husies förening' }).click()
  assert.equal(await page.getByText('Har inte svarat än').count(), 1)
  assert.ok(!(await calendar('kirseberg')).includes(title), 'who has not answered is a co-host')

  const other = await neighbour('kirseberg')
  await other.page.goto(await linkIn(other.page, 'arrangor.kirseberg@', /bjuder in er.*Provdans/))
  await accessible(other.page)
  await other.page.locator('textarea').fill('Vi tar med grillen.')
  await other.page.getByRole('button', { name: 'Ja, vi är med' }).click()
  assert.match(await other.page.locator('.said').innerText(), /Nu är ni medarrangörer/)
  for (const association of ['mollevangen', 'kirseberg']) assert.ok((await calendar(association)).includes(title), association)
  await linkIn(page, 'organiser@', /Kirsebergs förening är med/)

  await signUp(at, 'Senare Provberg')
  await other.page.goto(city.site + event + '/attendance')
  const list = await other.page.locator('main').innerText()
  assert.ok(list.includes('Senare') && !list.includes('Tidiga'), 'the co-host sees other names than those of who agreed to it')
  const counted = page => page.locator('.numbers dd').first().innerText()
  await page.goto(city.site + event + '/attendance')
  const own = await page.locator('main').innerText()
  assert.ok(own.includes('Senare') && own.includes('Tidiga'))
  assert.equal(await counted(other.page), '2')
  assert.equal(await counted(page), '2', 'they count differently')

  await page.goto(city.site + event + '/hosts')
  assert.match(await page.locator('main').innerText(), /Vi tar med grillen/)
  await page.getByRole('button', { name: 'Ta bort Kirsebergs förening som medarrangör' }).click()
  assert.ok(!(await calendar('kirseberg')).includes(title), 'it is still in the calendar of who was taken out')
  assert.notEqual((await other.page.goto(city.site + event + '/attendance')).status(), 200)
  await letter(page, 'arrangor.kirseberg@', /inte längre medarrangör/)
  await other.context.close()
})

test('a part of the first of May is asked for, finished and confirmed', async () => {
  const { page } = office
  const day = '/organise/events/' + (await events(city, 'kind=may-day')).find(e => e.slug === 'forsta-maj').id
  await page.goto(city.site + day + '/parts')
  await accessible(page)
  const unanswered = () => page.getByText('Har inte svarat').count()
  const before = await unanswered()
  const breakfast = page.locator('li', { hasText: 'Första maj-frukost' })
  assert.match(await breakfast.innerText(), /Har inte svarat/)
  await page.getByLabel('Husies förening').check()
  await page.getByRole('button', { name: 'Fråga', exact: true }).click()
  assert.match(await page.locator('.said').innerText(), /tillfrågade/)
  assert.equal(await unanswered(), before + 1)

  // Hers is the breakfast, of which she has been reminded.
  const own = organiser.page
  await own.goto(city.site + '/organise')
  await own.locator('.attention a', { hasText: 'Första maj-frukost' }).first().click()
  await accessible(own)
  await own.fill('[name=summary]', 'Kaffe, smörgås och sång innan tåget går.')
  await own.locator('form.sheet button[value=save]').click()
  await own.fill('#part-words', 'Vi öppnar redan nio.')
  await own.getByRole('button', { name: 'Vår del stämmer' }).click()
  assert.match(await own.locator('.said').innerText(), /er del stämmer/)
  await page.goto(city.site + day + '/parts')
  assert.equal(await unanswered(), before)
  assert.match(await page.locator('li', { hasText: 'Första maj-frukost' }).innerText(), /Stämmer, svarade[^]*Vi öppnar redan nio/)
})

test('an event is sent back with words, corrected and approved', async () => {
  const writer = await neighbour('limhamn')
  await writer.page.goto(city.site + '/organise/events/new?kind=seminar')
  const ask = writer.page.getByRole('button', { name: 'Be om godkännande' })
  assert.equal(await ask.count(), 1, 'the button of a new event says that it publishes')
  const title = 'Provkväll om vågor'
  for (const [name, value] of Object.entries({ title, 'starts.date': ahead(50), 'starts.time': '18', 'place.name': 'Bryggan' })) await writer.page.fill(`[name="${name}"]`, value)
  await ask.click()
  assert.match(await writer.page.locator('.said').innerText(), /Kansliet är tillfrågat/)
  const at = writer.page.url().replace(/\?.*/, '')

  const { page } = office
  await page.goto(await linkIn(page, 'coordinator@', /väntar på godkännande/))
  await page.goto(city.site + '/organise/approvals')
  await accessible(page)
  const row = page.locator('li', { hasText: title })
  const back = page.getByRole('button', { name: 'Skicka tillbaka ' + title })
  await back.click()
  assert.equal(await page.locator('[role=alert]').count(), 1, 'it is sent back without a word')
  await row.locator('textarea').fill('Vem talar?')
  await back.click()
  assert.match(await page.locator('.said').innerText(), /Skickat tillbaka/)

  await writer.page.goto(await linkIn(writer.page, 'arrangor.limhamn@', /Ändra lite först/))
  assert.equal(writer.page.url(), at)
  assert.match(await writer.page.locator('main').innerText(), /Vem talar\?/)
  await accessible(writer.page)
  await writer.page.fill('[name=summary]', 'Prova Exempelsson talar.')
  await ask.click()
  await page.goto(city.site + '/organise/approvals')
  await page.getByRole('button', { name: 'Godkänn ' + title }).click()
  assert.ok((await calendar('limhamn')).includes(title), 'it is not out')
  await linkIn(writer.page, 'arrangor.limhamn@', /Godkänt/)
  assert.deepEqual([...office.wrongs, ...organiser.wrongs, ...writer.wrongs].filter(w => !/40[34]/.test(w)), [])
})
