// The round that a newcomer makes within a minute, with and without JavaScript.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, describe, test } from 'node:test'
import { follow, inDays, signIn, start, visitor } from './city.mjs'
import { manages, signInCode } from './mail.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

const text = async url => (await fetch(url)).text()

for (const javaScriptEnabled of [true, false]) {
  describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test('a resident finds a town hall, signs two up, changes her mind by mail', async () => {
      const { page, context, wrongs } = await visitor(city, { javaScriptEnabled })
      await page.goto(city.site + '/?kind=town-hall')
      assert.match(await page.locator('.demo, [role=note], body').first().innerText(), /demonstration/i)
      const found = await page.locator('main a[href^="/events/"]').evaluateAll(links => links.map(a => a.getAttribute('href')))
      assert.ok(found.length > 3, `only ${found.length} town halls`)
      for (const href of found) {
        await page.goto(city.site + href)
        if (await page.locator('form[action$="/rsvp"]').count()) break
      }
      const title = await page.locator('h1').innerText()
      assert.equal(await page.locator('#consent').isChecked(), false, 'consent is ticked beforehand')

      await follow(page.locator('form[action$="/rsvp"] button'))
      assert.equal(await page.locator('[role=alert]').count(), 1, 'an empty form is not explained')
      await page.fill('#name', 'Åsa Öqvist-Provberg 🙂')
      await page.fill('#email', `asa${javaScriptEnabled}@example.org`)
      await page.fill('#party', '2')
      await page.check('#consent')
      await follow(page.locator('form[action$="/rsvp"] button'))
      await page.waitForURL(/\/rsvp/)
      assert.match(await page.locator('main').innerText(), /mejlat/)

      const manage = await letter(page, 'Du är anmäld', title)
      await page.goto(manage)
      assert.match(await page.locator('main').innerText(), /Vi ses|anmäld/)
      await page.fill('input[name=party]', '3')
      await follow(page.locator('button[value=party]'))
      assert.match(await page.locator('main').innerText(), /3/)
      await follow(page.locator('button[value=cancel]'))
      assert.match(await page.locator('main').innerText(), /återbud/i)
      await letter(page, 'Inte längre anmäld', title)
      assert.deepEqual(await context.cookies(), [], 'a resident was given a cookie')
      assert.deepEqual(wrongs, [])
      await context.close()
    })

    test('an association is subscribed to', async () => {
      const { page, context, wrongs } = await visitor(city, { javaScriptEnabled })
      await page.goto(city.site + '/associations/mollevangen')
      await follow(page.getByRole('link', { name: 'Prenumerera på kalendern' }))
      const feed = await page.locator('a[href^="webcal:"]').first().getAttribute('href')
      const answer = await fetch(feed.replace(/^webcal:/, 'http:'))
      assert.equal(answer.headers.get('content-type'), 'text/calendar; charset=utf-8')
      assert.match(await answer.text(), /^BEGIN:VCALENDAR\r\n[^]*BEGIN:VEVENT\r\n[^]*END:VCALENDAR\r\n$/)
      await page.goto(city.site + '/en/subscribe')
      assert.equal(await page.locator('html').getAttribute('lang'), 'en')
      assert.deepEqual(wrongs, [])
      await context.close()
    })

    test('an organiser writes, publishes, ticks off and downloads', async () => {
      const { page, context, wrongs } = await visitor(city, { javaScriptEnabled, viewport: { width: 1280, height: 900 } })
      const title = `Rundabordssamtal om blåbär, ö och åar ${javaScriptEnabled}`
      if (javaScriptEnabled) {
        await signIn(page, city.organiser)
      } else { // the link is spent: she asks for another by mail
        await page.goto(city.site + '/sign-in')
        await page.fill('input[name=email]', 'organiser@example.org')
        await follow(page.locator('main form button'))
        await signInCode(context, city.site, 'organiser@')
        await page.goBack()
        await page.goto(city.site + '/sign-in')
        await page.fill('input[name=email]', 'organiser@example.org')
        await follow(page.locator('main form button'))
        await page.fill('input[name=code]', await signInCode(context, city.site, 'organiser@'))
        await follow(page.locator('main form button.first'))
      }
      await page.waitForURL(/\/organise$/)
      await page.goto(city.site + '/organise/events/new?kind=round-table')
      await page.fill('[name="title"]', title)
      await page.fill('[name="starts.date"]', inDays(9))
      await page.fill('[name="starts.time"]', '1830')
      await page.fill('[name="ends.time"]', '20')
      await page.fill('[name="place.name"]', 'Kaféet på hörnet')
      await follow(page.locator('button[value=preview]'))
      assert.match(await page.locator('body').innerText(), /18\.30–20\.00/)
      await follow(page.locator('form[action$="/publish"] button'))
      assert.equal(await page.locator('[role=alert]').count(), 0, 'publishing was refused')

      await page.goto(`${city.site}/?q=${encodeURIComponent('blåbär')}`)
      const event = await page.getByRole('link', { name: title }).first().getAttribute('href')
      assert.match((await text(city.site + '/feeds/associations/mollevangen.ics')).replaceAll('\r\n ', ''), new RegExp(title.replaceAll(',', '\\\\,')))

      const slug = event.split('/').pop()
      const signedUp = await fetch(`${city.site}/api/v1/events/${slug}/rsvps`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'Östen Åkerlund-Provberg', email: `osten${javaScriptEnabled}@example.org`, party: 2, consent: true })
      })
      assert.deepEqual(await signedUp.json(), { status: 'going', party: 2 })

      await page.goto(city.site + '/organise/events')
      await follow(page.getByRole('link', { name: title }).first())
      await follow(page.locator('a[href$="/attendance"]').first())
      await follow(page.locator('form[action$="/checkins"] button.first').first())
      assert.match(await page.locator('main').innerText(), /På plats/)
      await page.fill('#walk_in', '4')
      await follow(page.locator('form:has(#walk_in) button'))
      const numbers = await page.locator('.numbers dd').allInnerTexts()
      assert.deepEqual(numbers.slice(0, 3), ['2', '2', '4'])

      const csv = await download(page, 'Hämta CSV')
      assert.deepEqual([...csv.subarray(0, 3)], [0xef, 0xbb, 0xbf], 'Excel takes a file without BOM for another encoding')
      assert.match(csv.toString(), /Östen Åkerlund-Provberg/)
      const xlsx = await download(page, 'Hämta för Excel')
      assert.equal(xlsx.subarray(0, 2).toString(), 'PK')
      assert.deepEqual(wrongs, [])
      await context.close()
    })
  })
}

// download is the file behind a button.
async function download (page, name) {
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
  return readFile(await file.path())
}

// letter opens the newest letter of that subject in the built-in mailbox, looks at
// it and its calendar part, and returns the link by which a sign-up is managed.
async function letter (page, subject, title) {
  const manage = await manages(page, city.site, new RegExp(`^${subject}`))
  assert.ok((await page.frameLocator('iframe').locator('body').innerText()).includes(title), `the letter does not name ${title}`)
  const invitation = await text(new URL(await page.locator('a[href$="invitation.ics"]').getAttribute('href'), city.site))
  assert.match(invitation, /METHOD:(REQUEST|CANCEL)\r\n/)
  return manage
}
