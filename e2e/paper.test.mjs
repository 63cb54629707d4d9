// What is meant for paper fits on one sheet of it, A4 or A3, and what is meant for
// other sites can be framed there, and nothing else can.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { after, before, test } from 'node:test'
import { start, visitor } from './city.mjs'

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

// sheets is how many pages a browser prints.
async function sheets (page, format) {
  const pdf = await page.pdf({ format })
  return (pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) ?? []).length
}

test('a poster is one sheet', async () => {
  const { page, context, wrongs } = await visitor(city)
  const { events } = await (await fetch(`${city.site}/api/v1/events?limit=500&from=${new Date().toISOString()}`)).json()
  const longest = events.reduce((a, b) => b.title.length > a.title.length ? b : a)
  const year = events.find(e => e.slug === 'forsta-maj').starts.slice(0, 4)
  for (const path of [`/may-day/${year}`, `/ar/may-day/${year}`, '/events/forsta-maj/poster', `/events/${longest.slug}/poster`, '/en/events/forsta-maj/poster', '/associations/mollevangen/poster']) {
    await page.goto(city.site + path)
    for (const format of ['A4', 'A3']) assert.equal(await sheets(page, format), 1, `${path} on ${format}`)
    const cut = await page.evaluate(() => {
      const paper = document.querySelector('.paper') // May Day flows
      return paper ? paper.scrollHeight - paper.clientHeight : 0
    })
    assert.ok(cut <= 0, `${path}: ${cut} px do not fit`)
  }
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('only the embedded list can be framed', async () => {
  // The site of an association, which is another origin than ours.
  const theirs = createServer((request, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(`<title>Vi</title><iframe src="${city.site}${decodeURIComponent(request.url.slice(2))}"></iframe>`)
  }).listen(0, '127.0.0.1')
  await once(theirs, 'listening')
  const { page, context } = await visitor(city)
  const inFrame = async path => {
    await page.goto(`http://127.0.0.1:${theirs.address().port}/?${encodeURIComponent(path)}`)
    const frame = page.frames()[1]
    return frame.locator('main').count().catch(() => 0)
  }
  assert.equal(await inFrame('/embed?association=mollevangen'), 1)
  assert.equal(await inFrame('/associations/mollevangen'), 0)
  assert.equal(await inFrame('/events/forsta-maj'), 0)
  await page.goto(`http://127.0.0.1:${theirs.address().port}/?${encodeURIComponent('/embed?association=mollevangen')}`)
  const opened = context.waitForEvent('page')
  await page.frames()[1].locator('.agenda a').first().click()
  const other = await opened
  await other.waitForLoadState()
  assert.match(other.url(), new RegExp(`^${city.site}/events/`))
  await context.close()
  theirs.close()
})
