// Afterwards: an event is closed with ticks and with a number alone, what was said is
// read by its group, and the count is public or not. Before: its attendees are written
// to, a copy first, and once. On a phone without JavaScript, at a desk by the keys.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { enter, follow, signIn, start, tabTo, visitor } from './city.mjs'
import { letters } from './mail.mjs'

let city, organiser, coordinator
before(async () => {
  city = await start()
  organiser = await signedIn(city.organiser, { javaScriptEnabled: false })
  coordinator = await signedIn(city.coordinator, { viewport: { width: 1280, height: 900 }, bypassCSP: true })
})
after(async () => { await city?.stop() })

async function signedIn (link, options) {
  const { page, wrongs } = await visitor(city, options)
  await signIn(page, link)
  return { page, wrongs }
}

// counted is the number that the page of an event says came; undefined: it says none.
async function counted (path) {
  const text = await (await fetch(city.site + path)).text()
  return text.match(/(\d+) personer kom/)?.[1]
}

// mailed fails unless there come so many letters of such a subject, and no more.
async function mailed (page, subject, many) {
  assert.equal(await (await letters(page, city.site, subject, { many })).count(), many, `letters "${subject}"`)
}

test('closing on a phone, read by a group', async () => {
  const { page, wrongs } = organiser
  await page.goto(city.site + '/organise')
  await follow(page.locator('.attention a[href$="/close"]').first())
  const at = page.url()
  const ticked = await page.locator('[name=came]').inputValue()
  assert.ok(Number(ticked) > 0, 'the count is not filled in from the door')
  await page.locator('[name="said.1.text"]').fill('Hissen har stått still sedan i påskas.')
  await page.locator('[name="said.2.text"]').fill('Fler vill odla på gården.')
  await page.locator('.closing summary').nth(1).click()
  await page.locator('[name="said.2.groups"]').first().check()
  await follow(page.locator('main form.sheet button'))
  await page.getByText('Det är sparat').waitFor()

  const events = await (await fetch(city.site + '/api/v1/events/' + at.split('/').at(-2))).json()
  const shown = '/events/' + events.slug
  assert.equal(await counted(shown), undefined, 'nobody has chosen to show it')
  // By number alone, and for all to see.
  await page.goto(at)
  await page.locator('[name=came]').fill('42')
  await page.locator('[name=shown]').check()
  await follow(page.locator('main form.sheet button'))
  await page.getByText('Det är sparat').waitFor()
  assert.equal(await counted(shown), '42')
  await page.goto(at)
  await page.locator('[name=shown]').uncheck()
  await follow(page.locator('main form.sheet button'))
  await page.getByText('Det är sparat').waitFor()
  assert.equal(await counted(shown), undefined, 'it is not to be shown any more')

  const desk = coordinator.page
  await desk.goto(city.site + '/organise/contributions')
  await desk.getByText('Hissen har stått still').waitFor()
  await accessible(desk)
  await tabTo(desk, 'Sök')
  await desk.keyboard.type('odla påskas')
  await enter(desk)
  await desk.getByText('Inget inspel passar').waitFor()
  await desk.goto(city.site + '/organise/contributions?q=odla')
  await desk.getByText('Fler vill odla på gården.').waitFor()
  await desk.goto(at)
  await accessible(desk)
  assert.deepEqual([...wrongs, ...coordinator.wrongs], [])
})

test('writing to the attendees, a copy first and once', async () => {
  const { page, wrongs } = organiser
  await page.goto(city.site + '/organise/events')
  await follow(page.locator('a.title', { hasText: 'Stormöte' }).first())
  await follow(page.getByRole('link', { name: 'Utskick' }))
  await page.locator('[name=text]').fill('Vi är i stora salen.\nDörren öppnar 17.30: https://example.org/vag')
  await follow(page.locator('main form.sheet button'))
  await page.getByText('Annars får vi inte använda adresserna').first().waitFor()
  await page.locator('[name=business]').check()
  await follow(page.locator('main form.sheet button'))
  await page.locator('.letter').getByText('Vi är i stora salen.').waitFor()
  assert.equal(await page.locator('button[value=send]').count(), 0, 'it can be sent before she has seen the copy')
  await follow(page.locator('button[value=copy]'))
  await page.getByText('Kopian är på väg').waitFor()
  const at = page.url()
  const { page: mail } = await visitor(city)
  await mailed(mail, 'Kopia: Från arrangören', 1)
  await follow(mail.getByRole('link', { name: 'Kopia: Från arrangören' }))
  assert.match(await mail.frameLocator('iframe').locator('body').innerText(), /Vi är i stora salen\.[^]*Bara du har fått den/)

  // The button is pressed in two windows.
  const other = await page.context().newPage()
  await other.goto(at)
  const people = Number((await page.locator('button[value=send]').innerText()).match(/\d+/)[0])
  await follow(page.locator('button[value=send]'))
  await follow(other.locator('button[value=send]'))
  await other.getByText(`Skickat till ${people} personer`).waitFor()
  const desk = coordinator.page
  await mailed(mail, /^(Från arrangören|From the host)/, people)
  await desk.goto(at)
  await accessible(desk)
  await desk.goto(at.replace(/\/write\/.*/, '/write'))
  await accessible(desk)
  await desk.goto(city.site + '/organise/account/digest')
  await accessible(desk)
  assert.deepEqual([...wrongs, ...coordinator.wrongs], [])
})
