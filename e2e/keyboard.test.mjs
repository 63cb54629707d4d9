// A resident who uses the keyboard alone, without JavaScript: she finds, signs up,
// changes her mind, turns the month, filters, and reads on in her own language.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { enter, start, tabTo, visitor } from './city.mjs'
import { manages } from './mail.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

// keyed is a page that is gone through by keys, from the top of the document on.
async function keyed () {
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } })
  const press = async (name, key = 'Enter', fits) => {
    await tabTo(page, name, fits)
    await (key === 'Enter' ? enter(page) : page.keyboard.press(key))
  }
  // jump presses what leads to another part of the page.
  const jump = async name => {
    await tabTo(page, name)
    await page.keyboard.press('Enter')
    await page.waitForURL(/#/)
  }
  const write = async (name, text) => {
    await tabTo(page, name)
    await page.keyboard.press('Control+A')
    await page.keyboard.type(text)
  }
  const done = async () => {
    assert.deepEqual(await context.cookies(), [])
    assert.deepEqual(wrongs, [])
    await context.close()
  }
  return { page, press, jump, write, done }
}

const heading = page => page.locator('h1').innerText()

test('finds, signs up and changes', async () => {
  const { page, press, jump, write, done } = await keyed()
  const { events } = await (await fetch(`${city.site}/api/v1/events?limit=500&kind=seminar&from=${new Date().toISOString()}`)).json()
  const { title } = events.find(e => e.rsvp.needed && e.status === 'published' && e.seats === 'open')
  await page.goto(city.site + '/')
  await write('Sök ämne', title)
  await enter(page)
  await page.waitForURL(/\?q=/)
  await press(title)
  assert.equal(await heading(page), title)
  await jump('Anmäl dig')
  await write('Namn', 'Åsa Provberg')
  await write('Mejladress', 'asa.tangent@example.org')
  await write('Hur många', '2')
  await press('Ja, ', 'Space')
  await press('Skicka anmälan')
  assert.match(await heading(page), /^Tack/)

  await page.goto(await manages(page, city.site, /^Du är anmäld/))
  await write('Hur många', '1')
  await press('Ändra')
  await page.waitForURL(/done=party/)
  assert.equal(await heading(page), 'Nu är det ändrat.')
  await press('Jag kan inte komma')
  await page.waitForURL(/done=cancel/)
  assert.match(await heading(page), /återbud/)
  await done()
})

test('turns the month, filters, and clears what she chose', async () => {
  const { page, press, done } = await keyed()
  await page.goto(city.site + '/')
  await press('Månad')
  await page.waitForURL(/view=month/)
  const first = await heading(page)
  await press('→', 'Enter', name => name.endsWith('→'))
  assert.notEqual(await heading(page), first, 'the month is the same')
  await press('Lista')
  await press('Seminarium', 'Enter', name => /^Seminarium \d+$/.test(name))
  await page.waitForURL(/kind=seminar/)
  assert.ok(!page.url().includes('view=month'))
  await press('Ta bort Seminarium')
  await page.waitForURL(url => !url.search.includes('kind'))
  await press('Välj typ, plats eller dag', 'Space')
  await press('Utan trappsteg', 'Space')
  await press('Visa')
  await page.waitForURL(/fact=step-free/)
  assert.match(await page.locator('.chips li').first().innerText(), /Utan trappsteg/)
  await done()
})

test('reads on in her own language, and signs up in it', async () => {
  const { page, press, jump, write, done } = await keyed()
  await page.goto(city.site + '/?kind=seminar')
  await press('العربية')
  await page.waitForURL(/\/ar\/\?kind=seminar$/)
  assert.deepEqual(await page.locator('html').evaluate(h => [h.lang, h.dir]), ['ar', 'rtl'])
  const { events } = await (await fetch(`${city.site}/api/v1/events?limit=500&kind=seminar&from=${new Date().toISOString()}`)).json()
  const { title, slug } = events.find(e => e.rsvp.needed && e.status === 'published' && e.seats === 'open')
  await page.goto(`${city.site}/ar/events/${slug}`)
  assert.deepEqual(await page.locator('h1 bdi').evaluate(h => [h.lang, h.textContent]), ['sv', title])
  await jump('التسجيل')
  await write('الاسم', 'سميرة')
  await write('عنوان البريد الإلكتروني', 'samira.tangent@example.org')
  await press('نعم', 'Space')
  await press('إرسال التسجيل')
  assert.equal(await heading(page), 'شكرًا، وصلنا تسجيلك')
  const mine = await manages(page, city.site, /^تم تسجيلك/)
  assert.match(mine, /\/ar\/rsvp\//)
  await page.goto(mine)
  await press('Svenska')
  assert.equal(await page.locator('html').getAttribute('lang'), 'sv')
  assert.ok(new URL(page.url()).pathname.startsWith('/rsvp/'))
  await done()
})
