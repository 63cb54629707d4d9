// What is only for members: found by a link that an organiser gives away, and by
// nobody else.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { follow, inDays, signIn, start, visitor } from './city.mjs'

let city, organiser
before(async () => {
  city = await start()
  organiser = await visitor(city, { viewport: { width: 1280, height: 900 } })
  await signIn(organiser.page, city.organiser)
})
after(async () => {
  await organiser?.context.close()
  await city?.stop()
})

const title = 'Årsmöte med kaffe och val'

// meeting is published for members by the organiser; it is its address on her side.
async function meeting () {
  const { page } = organiser
  await page.goto(city.site + '/organise/events/new?kind=meeting')
  assert.match(await page.locator('#audience-hint').innerText(), /medlemslänk/)
  await page.fill('[name=title]', title)
  await page.selectOption('[name=audience]', 'members')
  await page.fill('[name="starts.date"]', inDays(9))
  await page.selectOption('[name="rsvp.needed"]', 'yes')
  await follow(page.locator('button[value=publish]'))
  return page.url().replace(/\/published$/, '')
}

test('a member gets the link, signs up and subscribes; a new link ends the old', async () => {
  const { page: desk } = organiser
  const event = await meeting()
  await follow(desk.getByRole('link', { name: 'Föreningen' }))
  await follow(desk.getByRole('link', { name: 'Medlemslänkar' }))
  const link = await desk.locator('#link').inputValue()
  assert.match(link, /\/members\/[-_A-Za-z0-9]{43}$/)

  // With JavaScript off, as everything the public does.
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false })
  await page.goto(city.site + '/?q=kaffe+och+val')
  assert.equal(await page.getByText(title).count(), 0, 'the public finds it')
  const answer = await page.goto(link)
  assert.match(answer.headers()['cache-control'], /^private/)
  assert.equal(answer.headers()['x-robots-tag'], 'noindex, nofollow')
  await follow(page.getByRole('link', { name: title }))
  await page.fill('#name', 'Åsa Öqvist-Provberg')
  await page.fill('#email', 'asa.medlem@example.org')
  await page.check('#consent')
  await follow(page.locator('form[action$="/rsvp"] button'))
  await page.waitForURL(/\/members\/.*\/rsvp\?/)
  await follow(page.getByRole('link', { name: 'Tillbaka till aktiviteten' }))
  await follow(page.getByRole('link', { name: /Allt för medlemmar/ }))
  assert.equal(page.url(), link)

  const feed = (await page.locator('a[href^="webcal:"]').first().getAttribute('href')).replace(/^webcal:/, 'http:')
  const calendar = await fetch(feed)
  assert.match(calendar.headers.get('cache-control'), /^private/)
  const text = (await calendar.text()).replaceAll('\r\n ', '')
  assert.ok(text.includes('SUMMARY:' + title), 'the members’ calendar does not have it')
  assert.ok(!text.includes(new URL(link).pathname), 'the calendar has the secret of the association in it')
  const own = /URL:(http\S+\/members\/\S+)/.exec(text)[1]
  await page.goto(own)
  assert.equal(await page.locator('h1').innerText(), title)

  const pages = [link, own, feed]
  await desk.goto(event + '/attendance')
  assert.equal(await desk.getByText('Åsa Öqvist-Provberg').count(), 1, 'she is not on the list')
  for (const at of [city.site + '/organise/members', event + '/members']) {
    await desk.goto(at)
    await follow(desk.getByRole('link', { name: 'Gör en ny länk' }))
    await follow(desk.getByRole('button', { name: 'Gör en ny länk' }))
    assert.match(await desk.locator('.said').innerText(), /Nu är länken ny/)
    assert.notEqual(await desk.locator('#link').inputValue(), link)
  }
  for (const gone of pages) assert.equal((await fetch(gone)).status, 404, gone)
  assert.deepEqual(await context.cookies(), [], 'a member was given a cookie')
  assert.deepEqual([...wrongs, ...organiser.wrongs], [])
  await context.close()
})

test('no request but to us, and none that names the link, leaves its pages', async () => {
  const { page: desk } = organiser
  await desk.goto(city.site + '/organise/members')
  const link = await desk.locator('#link').inputValue()
  const { page, context, wrongs } = await visitor(city)
  const told = []
  page.on('request', r => { if (r.headers().referer?.includes('/members/')) told.push(`${r.url()} was told ${r.headers().referer}`) })
  await page.goto(link)
  await follow(page.locator('main a[href*="/events/"]').first())
  await follow(page.getByRole('link', { name: 'Samling' }).first())
  assert.deepEqual([...told, ...wrongs], [])
  await context.close()
})
