// What a screen reader is told of the pages that matter most, as golden files:
// npm run transcripts writes them anew. And what it is told first once a form was
// sent: a heading that says the result has the focus, and the title begins with it.
import assert from 'node:assert/strict'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { follow, published, signIn, start, visitor } from './city.mjs'
import { manages } from './mail.mjs'

const title = 'Provmöte om bänkar och träd'
const words = encodeURIComponent('bänkar och träd')
// So far ahead that nothing near it changes with the day on which the test runs.
const day = '2031-03-05'

let city, at
before(async () => {
  city = await start()
  const { page, context } = await visitor(city, { viewport: { width: 1280, height: 900 } })
  await signIn(page, city.organiser)
  at = await published(page, city.site, 'town-hall', {
    title, summary: 'Vad saknas på din gård?', 'starts.date': day, 'starts.time': '18', 'ends.time': '20',
    'place.name': 'Folkets hus', 'place.address': 'Exempelgatan 1', 'rsvp.needed': 'yes', capacity: '3'
  })
  await context.close()
})
after(async () => { await city?.stop() })

// transcript holds a page against its golden file. What is random or of the day is
// written as what it is, and the days of the demonstration's own events are left
// out.
async function transcript (page, name) {
  await page.evaluate(title => {
    for (const day of document.querySelectorAll('.day')) if (!day.textContent.includes(title)) day.remove()
  }, title)
  const said = (await page.locator('body').ariaSnapshot())
    .replaceAll(city.site, 'https://samling.example').replaceAll(encodeURIComponent(city.site), 'SITE')
    .replaceAll(new URL(city.site).host, 'samling.example').replaceAll(encodeURIComponent(new URL(city.site).host), 'SITE')
    .replaceAll(/\/e\/[a-z0-9]{5}\b/g, '/e/xxxxx').replaceAll(/\/rsvp\/[-_.A-Za-z0-9]+/g, '/rsvp/TOKEN')
    .replaceAll(/\?v=[0-9a-f]+/g, '').replaceAll(/\bom \d+ månader/g, 'om N månader')
    .replaceAll(/\b\d{4}-\d{2}-\d{2}\b/g, d => d === day ? d : 'DATE').replaceAll(/(link "[^"]* )\d+"/g, '$1N"').replaceAll(/\d+( på gång| aktiviteter)/g, 'N$1') + '\n'
  const file = new URL(`transcripts/${name}.yml`, import.meta.url)
  if (process.env.UPDATE) {
    await mkdir(new URL('.', file), { recursive: true })
    await writeFile(file, said)
  }
  assert.equal(said, await readFile(file, 'utf8'), `${name} is told in other words; npm run transcripts, and read the difference`)
}

// told fails unless the heading with the focus says that, and the title first.
async function told (page, result) {
  const heading = page.locator(':is(h1, h2):focus').filter({ hasText: result })
  await heading.waitFor()
  const said = await heading.textContent()
  const title = await page.title()
  assert.ok(title.startsWith(said), `the title "${title}" does not begin with "${said}"`)
}

async function signUp (page, name, party) {
  await page.goto(city.site + at)
  await page.fill('#name', name)
  await page.fill('#email', `${name.toLowerCase()}@example.org`)
  await page.fill('#party', party)
  await page.check('#consent')
  await follow(page.locator('form[action$="/rsvp"] button'))
  await page.waitForURL(/\/rsvp\?/)
}

test('what is told, from finding an event to leaving it', async () => {
  // Without JavaScript, as everything must work; the buttons that need it are not there.
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false })
  await page.goto(`${city.site}/?q=${words}`)
  await transcript(page, 'home')
  await page.goto(city.site + at)
  await transcript(page, 'event')

  await follow(page.locator('form[action$="/rsvp"] button'))
  await told(page, /^Något behöver rättas$/)
  await transcript(page, 'sign-up-error')
  await signUp(page, 'Ada', '2')
  await told(page, /^Tack/)
  await transcript(page, 'sign-up-ok')
  await signUp(page, 'Bo', '2')
  await told(page, /^Tack/)
  await transcript(page, 'sign-up-waiting')

  const mine = await manages(page, city.site, /^Du är anmäld/)
  await page.goto(mine)
  await transcript(page, 'manage')
  await page.fill('[name=party]', '9')
  await follow(page.locator('button[value=party]'))
  await told(page, /^Välj ett tal/)
  await page.fill('[name=party]', '1')
  await follow(page.locator('button[value=party]'))
  await told(page, /^Nu är det ändrat/)
  await follow(page.locator('button[value=cancel]'))
  await told(page, /^Tack, vi har fått ditt återbud/)
  await page.getByText('Radera mina uppgifter').click()
  await follow(page.locator('button[value=erase]'))
  await told(page, /^Dina uppgifter är raderade/)

  await page.goto(city.site + '/subscribe?group=klimat-och-el')
  await transcript(page, 'subscribe')
  assert.deepEqual(wrongs, [])
  await context.close()
})
