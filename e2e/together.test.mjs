// What associations do together: a co-host is invited, a part of the first of May is
// asked for, and the central office looks before something is published. Associations
// on a phone, the office at a desk, by the keyboard and without JavaScript.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { enter, follow, inDays, published as publish, signIn, start, tabTo, visitor } from './city.mjs'
import { letters, linkIn } from './mail.mjs'
import { events } from './paths.mjs'

let city, office, organiser, judge
before(async () => {
  city = await start()
  office = await signedIn(city.coordinator, { viewport: { width: 1280, height: 900 } })
  organiser = await signedIn(city.organiser)
  judge = await visitor(city, { bypassCSP: true })
})
after(async () => { await city?.stop() })

async function signedIn (link, options) {
  const one = await visitor(city, { javaScriptEnabled: false, ...options })
  await signIn(one.page, link)
  return one
}

// neighbour is who works for another association, and signs in by the mail.
async function neighbour (association) {
  const { page, context } = await visitor(city)
  const email = `arrangor.${association}@example.org`
  await page.goto(city.site + '/sign-in')
  await page.fill('input[type=email]', email)
  await follow(page.locator('main form button').first())
  const link = await linkIn(page, city.site, 'a[href*="/sign-in?token="]', /./, email)
  await context.close()
  return signedIn(link)
}

// asked is the link to the desk in the newest letter of that subject.
const asked = (page, subject, to) => linkIn(page, city.site, 'a[href*="/organise/"]', subject, to)

// press goes to a button by the keyboard and presses it.
async function press (page, name) {
  await tabTo(page, name)
  await enter(page)
}

// judged is where somebody is, seen by another browser of hers: axe needs JavaScript.
async function judged (one) {
  await judge.context.clearCookies()
  await judge.context.addCookies(await one.context().cookies())
  await judge.page.setViewportSize(one.viewportSize())
  await judge.page.goto(one.url())
  await accessible(judge.page)
}

const calendar = async association => (await fetch(`${city.site}/feeds/associations/${association}.ics`)).text()

async function signUp (at, name) {
  const { page, context } = await visitor(city, { javaScriptEnabled: false })
  await page.goto(city.site + at)
  await page.fill('#name', name)
  await page.fill('#email', `${name.split(' ')[0].toLowerCase()}@example.org`)
  await page.check('#consent')
  await follow(page.locator('form[action$="/rsvp"] button').first())
  await page.waitForURL(/\/rsvp\?/)
  await context.close()
}

test('a co-host is invited, accepts, sees who signs up from then on, and is taken out', async () => {
  const { page } = organiser
  const title = 'Provdans på två gårdar'
  const at = await publish(page, city.site, 'yard-party', { title, 'starts.date': inDays(40), 'starts.time': '18', 'place.name': 'Gården', 'rsvp.needed': 'yes' })
  await signUp(at, 'Tidiga Exempelsson')
  const event = '/organise/events/' + (await (await fetch(city.site + '/api/v1/events/' + at.split('/').at(-1))).json()).id
  await page.goto(city.site + event + '/hosts')
  for (const slug of ['kirseberg', 'husie']) {
    await page.selectOption('#host', slug)
    await press(page, 'Bjud in')
  }
  await judged(page)
  await press(page, 'Ta tillbaka inbjudan till Husies förening')
  assert.equal(await page.getByText('Har inte svarat än').count(), 1)
  assert.ok(!(await calendar('kirseberg')).includes(title), 'who has not answered is a co-host')

  const other = await neighbour('kirseberg')
  await other.page.goto(await asked(other.page, /bjuder in er.*Provdans/, 'arrangor.kirseberg@'))
  await judged(other.page)
  await other.page.locator('textarea').fill('Vi tar med grillen.')
  await press(other.page, 'Ja, vi är med')
  assert.match(await other.page.locator('.said').innerText(), /Nu är ni medarrangörer/)
  for (const association of ['mollevangen', 'kirseberg']) assert.ok((await calendar(association)).includes(title), association)
  await letters(page, city.site, /Kirsebergs förening är med/, { to: 'organiser@' })

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
  await press(page, 'Ta bort Kirsebergs förening som medarrangör')
  assert.ok(!(await calendar('kirseberg')).includes(title), 'it is still in the calendar of who was taken out')
  assert.notEqual((await other.page.goto(city.site + event + '/attendance')).status(), 200)
  await letters(page, city.site, /inte längre medarrangör/, { to: 'arrangor.kirseberg@' })
  await other.context.close()
})

test('a part of the first of May is asked for, finished and confirmed', async () => {
  const { page } = office
  const day = '/organise/events/' + (await events(city, 'kind=may-day')).find(e => e.slug === 'forsta-maj').id
  await page.goto(city.site + day + '/parts')
  await judged(page)
  const unanswered = () => page.getByText('Har inte svarat').count()
  const before = await unanswered()
  const breakfast = page.locator('li', { hasText: 'Första maj-frukost' })
  assert.match(await breakfast.innerText(), /Har inte svarat/)
  await page.getByText('Fråga föreningar om de vill hålla en del').click()
  await page.getByLabel('Husies förening').check()
  await press(page, 'Fråga')
  assert.match(await page.locator('.said').innerText(), /tillfrågade/)
  assert.equal(await unanswered(), before + 1)

  // Hers is the breakfast, of which she has been reminded.
  const own = organiser.page
  await own.goto(city.site + '/organise')
  await follow(own.locator('.attention a', { hasText: 'Första maj-frukost' }).first())
  await judged(own)
  await own.fill('[name=summary]', 'Kaffe, smörgås och sång innan tåget går.')
  await follow(own.locator('form.sheet button[value=save]'))
  await own.fill('#part-words', 'Vi öppnar redan nio.')
  await press(own, 'Vår del stämmer')
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
  for (const [name, value] of Object.entries({ title, 'starts.date': inDays(50), 'starts.time': '18', 'place.name': 'Bryggan' })) await writer.page.fill(`[name="${name}"]`, value)
  await follow(ask)
  assert.match(await writer.page.locator('.said').innerText(), /Kansliet är tillfrågat/)
  const at = writer.page.url().replace(/\?.*/, '')

  const { page } = office
  await page.goto(await asked(page, /väntar på godkännande/, 'coordinator@'))
  await page.goto(city.site + '/organise/approvals')
  await judged(page)
  const row = page.locator('li', { hasText: title })
  const back = page.getByRole('button', { name: 'Skicka tillbaka ' + title })
  await follow(back)
  assert.equal(await page.locator('[role=alert]').count(), 1, 'it is sent back without a word')
  await row.locator('textarea').fill('Vem talar?')
  await follow(back)
  assert.match(await page.locator('.said').innerText(), /Skickat tillbaka/)

  await writer.page.goto(await asked(writer.page, /Ändra lite först/, 'arrangor.limhamn@'))
  assert.equal(writer.page.url(), at)
  assert.match(await writer.page.locator('main').innerText(), /Vem talar\?/)
  await judged(writer.page)
  await writer.page.fill('[name=summary]', 'Prova Exempelsson talar.')
  await follow(ask)
  await page.goto(city.site + '/organise/approvals')
  await press(page, 'Godkänn ' + title)
  assert.ok((await calendar('limhamn')).includes(title), 'it is not out')
  await letters(writer.page, city.site, /Godkänt/, { to: 'arrangor.limhamn@' })
  assert.deepEqual([...office.wrongs, ...organiser.wrongs, ...writer.wrongs].filter(w => !/40[34]/.test(w)), [])
})
