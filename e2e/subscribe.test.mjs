// A calendar is put together and taken home: by keyboard and without JavaScript,
// with it, on a telephone, and on paper.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import jsQR from 'jsqr'
import { enter, start, tabTo, visitor } from './city.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

test('by keyboard alone, without JavaScript', async () => {
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false })
  await page.goto(city.site + '/associations/mollevangen')
  await tabTo(page, 'Prenumerera på kalendern')
  await enter(page)
  assert.equal(await page.locator('h1').innerText(), 'Prenumerera på allt från Möllevångens förening')
  assert.equal(await page.locator('#feed').inputValue(), city.site + '/feeds/associations/mollevangen.ics')

  await tabTo(page, 'Typ')
  await page.keyboard.press('Enter')
  await tabTo(page, 'Seminarium')
  await page.keyboard.press('Space')
  await tabTo(page, 'Svenska')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight') // past Arabic
  await tabTo(page, 'Visa kalendern')
  await enter(page)
  await page.waitForURL(/kind=seminar/)
  assert.equal(await page.locator('h1').innerText(), 'Prenumerera på seminarier från Möllevångens förening')
  const feed = await page.locator('#feed').inputValue()
  assert.equal(feed, city.site + '/feeds/events.ics?association=mollevangen&kind=seminar&lang=en')
  const said = Number((await page.locator('.hits').innerText()).match(/^\d+/)[0])
  const now = new Date().toLocaleString('sv-SE', { timeZone: 'Europe/Stockholm' }).replace(/[-:]/g, '').replace(' ', 'T')
  const calendar = await (await fetch(feed)).text()
  const ends = [...calendar.matchAll(/^DTEND[^:]*:(\d{8}T\d{6})/gm)].filter(([, end]) => end > now)
  assert.ok(said > 0 && Math.abs(said - ends.length) <= 1, `the page says ${said}, the calendar has ${ends.length}`)
  assert.equal(await page.getByRole('button', { name: 'Kopiera' }).count(), 0, 'a button that can do nothing is there')

  await tabTo(page, 'Ta bort Möllevångens förening')
  await enter(page)
  await page.waitForURL(url => !url.search.includes('association'))
  assert.equal(await page.locator('#feed').inputValue(), city.site + '/feeds/kinds/seminar.ics?lang=en')
  assert.deepEqual(await context.cookies(), [])
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('the address is copied', async () => {
  const { page, context, wrongs } = await visitor(city, { permissions: ['clipboard-read', 'clipboard-write'] })
  await page.goto(city.site + '/subscribe?district=norr&kind=seminar')
  await page.getByRole('button', { name: 'Kopiera' }).click()
  await page.getByRole('status').filter({ hasText: 'Kopierad' }).waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), city.site + '/feeds/events.ics?district=norr&kind=seminar')
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('each device is shown what works on it', async () => {
  for (const phone of [true, false]) {
    const { page, context, wrongs } = await visitor(city, { isMobile: phone, hasTouch: phone, viewport: { width: phone ? 360 : 1280, height: 800 } })
    await page.goto(city.site + '/subscribe')
    const seen = name => page.getByRole('link', { name }).first().isVisible()
    assert.equal(await seen('Lägg till i Google Kalender'), !phone)
    assert.equal(await seen('Lägg till i Outlook.com'), !phone)
    assert.equal(await seen('Mejla länken till dig själv'), phone)
    assert.ok(await seen('Öppna i Kalender'))
    await page.getByText('På en Androidtelefon, utan dator').click()
    assert.ok(await seen('Öppna i ICSx⁵'))
    assert.deepEqual(wrongs, [])
    await context.close()
  }
})

// Somebody else's reader reads the code off the screen, dark or light.
test('the code leads back to the page, and the page is a poster', async () => {
  for (const colorScheme of ['light', 'dark']) {
    const { page, context, wrongs } = await visitor(city, { colorScheme })
    for (const path of ['/subscribe', '/en/subscribe?association=husie&association=mollevangen&kind=seminar&kind=town-hall&lang=sv']) {
      await page.goto(city.site + path)
      const { data, width, height } = await page.locator('.poster img').evaluate(img => {
        const canvas = Object.assign(document.createElement('canvas'), { width: img.width, height: img.height })
        const pen = canvas.getContext('2d')
        pen.drawImage(img, 0, 0, img.width, img.height)
        const { data } = pen.getImageData(0, 0, img.width, img.height)
        return { data: [...data], width: img.width, height: img.height }
      })
      assert.equal(jsQR(Uint8ClampedArray.from(data), width, height)?.data, city.site + path)
    }
    await page.emulateMedia({ media: 'print' })
    const printed = (await page.locator('main').innerText()).split('\n').filter(Boolean)
    assert.equal(printed[0], 'Subscribe to seminars and town halls from Husies förening and Möllevångens förening')
    assert.equal(printed.length, 3, `the poster says ${printed.join(' | ')}`)
    assert.deepEqual(wrongs, [])
    await context.close()
  }
})
