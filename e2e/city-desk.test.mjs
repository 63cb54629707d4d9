// The central office: whom it lets in, how it sees the whole city, and what it does
// with several events at once.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { follow, published, signIn, start, visitor } from './city.mjs'
import { letters, linkIn, manages } from './mail.mjs'

let city, office
before(async () => {
  city = await start()
  office = await visitor(city, { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false })
  await signIn(office.page, city.coordinator)
})
after(async () => {
  await office?.context.close()
  await city?.stop()
})

test('a new association gets an organiser, who signs in by the mail', async () => {
  const { page } = office
  await page.goto(city.site + '/organise/city')
  await follow(page.getByRole('link', { name: 'Föreningar och grupper' }))
  await follow(page.getByRole('link', { name: 'Ny förening' }))
  await page.fill('#name', 'Provgårdens förening')
  await follow(page.locator('main form.sheet button'))
  assert.match(await page.locator('[role=alert]').innerText(), /Fyll i det här/)
  assert.equal(await page.inputValue('#name'), 'Provgårdens förening', 'what she typed is gone')
  await page.selectOption('#district', { index: 1 })
  await follow(page.locator('main form.sheet button'))
  assert.match(page.url(), /\/organise\/directory\/provgardens-forening/)

  await follow(page.getByRole('link', { name: 'Arrangörer' }).first())
  await follow(page.getByRole('link', { name: 'Bjud in en arrangör' }))
  await page.fill('#email', 'ny.provberg@example.org')
  await page.check('[name=association][value=provgardens-forening]')
  await follow(page.locator('main form.sheet button'))
  assert.match(await page.locator('.said').innerText(), /Inbjudan är skickad/)
  const at = page.url().replace(/\?.*/, '')

  const invited = await visitor(city)
  await signIn(invited.page, await linkIn(invited.page, city.site, 'a[href*="/sign-in?token="]', /./, 'ny.provberg@example.org'))
  await invited.page.goto(city.site + '/organise/events/new?kind=meeting')
  assert.equal(await invited.page.inputValue('[name=host]'), 'provgardens-forening')
  assert.equal((await invited.page.goto(city.site + '/organise/city')).status(), 404)

  // Removed, she is out at once.
  await page.goto(at)
  await follow(page.getByRole('link', { name: 'Ta bort' }))
  await follow(page.getByRole('button', { name: 'Ta bort' }))
  assert.match(await page.locator('.said').innerText(), /utloggad överallt/)
  await invited.page.goto(city.site + '/organise')
  assert.match(invited.page.url(), /\/sign-in/)
  assert.deepEqual(invited.wrongs.filter(w => !w.includes('404')), [])
  await invited.context.close()
})

test('three events are moved: a plan first, one mail a person, taken back in time', async () => {
  const { page } = office
  const comes = async (title, day) => {
    const at = await published(page, city.site, 'seminar', {
      title, 'starts.date': day, 'starts.time': '18', 'place.name': 'Folkets hus', 'rsvp.needed': 'yes'
    })
    const guest = await visitor(city, { javaScriptEnabled: false })
    await guest.page.goto(city.site + at)
    await guest.page.fill('#name', 'Åsa Provberg')
    await guest.page.fill('#email', 'asa.provberg@example.org')
    await guest.page.check('#consent')
    await follow(guest.page.locator('form[action$="/rsvp"] button').first())
    await guest.context.close()
    await manages(page, city.site, new RegExp(title))
  }
  const titles = [1, 2, 3].map(n => `Provkväll nummer ${n}`)
  for (const [n, title] of titles.entries()) await comes(title, `2031-04-0${n + 1}`)
  const list = city.site + '/organise/events?q=provkv%C3%A4ll'
  await page.goto(list)
  await follow(page.getByRole('button', { name: 'Flytta i tid' }))
  assert.match(await page.locator('.said').innerText(), /Kryssa först/)
  for (const title of titles) await page.getByLabel('Välj ' + title).check()
  await follow(page.getByRole('button', { name: 'Flytta i tid' }))
  await page.fill('#minutes', '30')
  await follow(page.getByRole('button', { name: 'Visa vad som händer' }))
  const plan = page.url()
  const said = await page.locator('.standing').innerText()
  assert.match(said, /3 aktiviteter/)
  assert.match(said, /ett mejl/, 'one person is to get one mail')
  await follow(page.getByRole('button', { name: 'Gör ändringarna' }))
  await page.goto(list)
  assert.equal(await page.getByText('kl. 18.30').count(), 3, 'they are not moved')
  await page.goto(plan)
  await follow(page.getByRole('button', { name: 'Ångra allt' }))
  await page.goto(list)
  assert.equal(await page.getByText('kl. 18.00').count(), 3, 'they are not back')
  // By the time that she has a letter of what she did since, she was told of nothing else.
  await comes('Ett annat möte', '2031-04-04')
  const told = await (await letters(page, city.site, /./, { to: 'asa.provberg@example.org', many: 4 })).allInnerTexts()
  assert.deepEqual(told.filter(subject => !subject.startsWith('Du är anmäld')), [], 'she was told of what was taken back')
})

test('organisers are reminded in one mail each, which can be taken back', async () => {
  const { page } = office
  await page.goto(city.site + '/organise/events?which=needs&need=closing&host=mollevangen')
  await page.locator('.pick input[type=checkbox]').first().check()
  await follow(page.getByRole('button', { name: 'Påminn arrangörerna' }))
  assert.match(await page.locator('main').innerText(), /organiser@example\.org/)
  await follow(page.getByRole('button', { name: 'Skicka ett mejl' }))
  assert.match(await page.locator('.said').innerText(), /Ett mejl går iväg om tio minuter/)
  await follow(page.getByRole('button', { name: 'Ångra mejlen' }))
  assert.match(await page.locator('.said').innerText(), /Ett mejl är återtaget/)
})

test('numbers are a table to read and a file to take home', async () => {
  const { page } = office
  await page.goto(city.site + '/organise/numbers?by=kind')
  assert.ok(await page.locator('table tbody tr').count() > 3)
  const href = await page.getByRole('link', { name: 'CSV' }).getAttribute('href')
  const file = await page.context().request.get(city.site + href)
  assert.match(file.headers()['content-disposition'], /siffror-kind-12\.csv/)
  const text = await file.text()
  assert.ok(text.startsWith('\ufeffSort;Aktiviteter;'), text.slice(0, 40))
  assert.ok(!text.includes('@'), 'there are addresses among the numbers')
  assert.deepEqual(office.wrongs, [])
})
