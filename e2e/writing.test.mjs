// A newcomer's first event: she signs in by the mail, writes by the keyboard alone,
// corrects a wrong hour, reads in words what was understood, publishes, and ends on the
// page with the texts to copy. On a phone and on a desk, with JavaScript and without.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { enter, follow, inDays, signIn, start, tabTo, visitor } from './city.mjs'
import { signInCode } from './mail.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

const soon = inDays(12)
const words = new Date(soon).toLocaleDateString('sv-SE', { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' })

// signedIn asks for a mail, reads the code in it and types that.
async function signedIn (page, context) {
  await page.goto(city.site + '/sign-in')
  await page.locator('#email:focus').waitFor()
  await page.keyboard.type('organiser@example.org')
  await enter(page)
  const code = await signInCode(context, city.site, 'organiser@')
  await page.bringToFront()
  await page.locator('#code:focus').waitFor()
  await page.keyboard.type(code)
  await enter(page)
  await page.waitForURL(/\/organise$/)
}

// typeDay types a day into the field that has the focus, in the order in which the
// browser asks for its parts.
async function typeDay (page) {
  const [year, month, date] = soon.split('-')
  for (const order of [[month, date, year], [year, month, date], [date, month, year]]) {
    await page.keyboard.type(order.join(''))
    if (await page.evaluate(() => document.activeElement.value) === soon) return
  }
  assert.fail('the day cannot be typed')
}

for (const width of [360, 1280]) {
  for (const javaScriptEnabled of [true, false]) {
    test(`a first event at ${width} px, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const { page, context, wrongs } = await visitor(city, { javaScriptEnabled, viewport: { width, height: 900 }, bypassCSP: true })
      const title = `Öppet möte om lekplatsen ${width}${javaScriptEnabled ? '' : ' utan'}`
      const press = async name => {
        await tabTo(page, name)
        await enter(page)
      }
      const write = async (name, text) => {
        await tabTo(page, name)
        await page.keyboard.press('Control+A')
        await page.keyboard.type(text)
      }
      await signedIn(page, context)
      await press('Ny aktivitet')
      await press('Öppet möte')
      assert.ok(await page.locator('.sheet :is(input, select, textarea):visible').count() <= 12, 'the form is long')
      await write('Rubrik', title)
      await tabTo(page, 'Dag')
      await typeDay(page)
      await write('Börjar kl.', '25')
      if (javaScriptEnabled) await page.waitForFunction(() => /inget klockslag/.test(document.getElementById('understood').textContent))
      await write('Plats', 'Gården vid Exempelgatan')
      await press('Publicera')
      await page.locator(':focus').filter({ hasText: /Det här behöver rättas[^]*Börjar kl\./ }).waitFor()
      await tabTo(page, 'Börjar kl.')
      await page.keyboard.press('Enter')
      assert.equal(await page.evaluate(() => document.activeElement.id), 'starts.time')
      await page.keyboard.press('Control+A')
      await page.keyboard.type('kl 18')
      if (javaScriptEnabled) {
        await page.waitForFunction(words => document.getElementById('understood').textContent.startsWith(words), `${words} kl. 18.00–20.00`)
        // It keeps itself; nothing is asked of her.
        await page.waitForFunction(() => /^Sparad \d\d\.\d\d\.$/.test(document.getElementById('kept').textContent))
        await page.reload()
        assert.equal(await page.locator('[name=title]').inputValue(), title)
      }
      await press('Så här ser det ut')
      assert.match(await page.locator('main').innerText(), new RegExp(`${words} kl. 18\\.00–20\\.00`, 'i'))
      await press('Ändra')
      assert.equal(await page.locator('#understood strong').innerText(), `${words} kl. 18.00–20.00`)
      await press('Publicera')
      assert.equal(await page.locator('h1').innerText(), 'Nu är den ute')
      assert.match(await page.locator('#sms').inputValue(), new RegExp(`^${title}\\. .*18\\.00–20\\.00\\. Gården vid Exempelgatan\\. http`))
      assert.ok(await page.getByRole('link', { name: 'Deltagarlista' }).count())
      if (javaScriptEnabled) {
        await page.evaluate(() => { for (const folded of document.querySelectorAll('details')) folded.open = true })
        await accessible(page)
        // The pages of an event stand in two rows at most, wherever one is.
        await follow(page.getByRole('link', { name: 'Medarrangörer' }))
        const rows = await page.locator('.tabs > li').evaluateAll(tabs => new Set(tabs.map(t => t.offsetTop)).size)
        assert.ok(rows <= 2, `they stand in ${rows} rows`)
        await page.getByText('Mer', { exact: true }).click()
        await follow(page.getByRole('link', { name: 'Historik' }))
        assert.match(await page.locator('main').innerText(), /organiser@example\.org publicerade/)
      }
      const resident = await visitor(city, { javaScriptEnabled: false })
      await resident.page.goto(`${city.site}/?q=${encodeURIComponent(title)}`)
      assert.equal(await resident.page.getByRole('link', { name: title, exact: true }).count(), 1)
      assert.deepEqual([...wrongs, ...resident.wrongs], [])
      await resident.context.close()
      await context.close()
    })
  }
}

// What it costs: keys and clicks are counted; a key is 0.5 s, a click 1.5 s (finding the
// pointer and pressing), and 1.35 s of thought before each field, as the keystroke-level
// model has it for somebody who does not type every day; the waiting is the machine's.
test('the cost of a good event, by the mouse', async t => {
  const { page, context, wrongs } = await visitor(city, { viewport: { width: 1280, height: 900 } })
  await signIn(page, city.organiser)
  let keys = 0
  let clicks = 0
  let fields = 0
  const click = (locator, press = here => here.click()) => {
    clicks++
    return press(locator)
  }
  const type = async (name, text) => {
    fields++
    await click(page.locator(`[name="${name}"]`))
    keys += text.length
    await page.keyboard.type(text)
  }
  const began = Date.now()
  await click(page.getByRole('link', { name: 'Ny aktivitet' }).first(), follow)
  await click(page.getByRole('link', { name: 'Öppet möte' }), follow)
  await type('title', 'Öppet möte om lekplatsen vid torget')
  await type('summary', 'Hur ska lekplatsen se ut? Kom och säg vad du tycker. Vi bjuder på kaffe.')
  fields++
  await page.locator('[name="starts.date"]').focus()
  await typeDay(page)
  clicks++
  keys += 8
  await type('place.name', 'Gården')
  await type('place.address', 'Exempelgatan 1')
  await click(page.locator('button[value=publish]'), follow)
  await page.waitForURL(/\/published$/)
  const waited = (Date.now() - began) / 1000
  const seconds = keys * 0.5 + clicks * 1.5 + fields * 1.35 + waited
  t.diagnostic(`${clicks} clicks, ${keys} keys, ${fields} fields: about ${Math.round(seconds)} s, ${waited.toFixed(1)} s of them waiting`)
  assert.ok(seconds < 180, `a good event takes ${seconds} s`)
  assert.deepEqual(wrongs, [])
  await context.close()
})
