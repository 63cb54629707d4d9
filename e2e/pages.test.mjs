// Every page in all languages, light and dark, on a phone, a tablet and a desk:
// nothing on the console, nothing asked of another site, no wider than the screen,
// nothing that axe knows to be in somebody's way, and no sentence of another
// language on an Arabic page.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { after, before, test } from 'node:test'
import { start, visitor } from './city.mjs'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const screens = { phone: { width: 360, height: 760 }, tablet: { width: 768, height: 1024 }, desk: { width: 1280, height: 900 } }

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

async function faults (page, path) {
  await page.goto(city.site + path)
  // What is folded away is somebody's page too, and axe passes it by.
  const over = await page.evaluate(() => {
    for (const folded of document.querySelectorAll('details')) folded.open = true
    return document.documentElement.scrollWidth - window.innerWidth
  })
  // Our own policy forbids scripts of others; axe comes in beside it.
  const found = await page.evaluate(async source => {
    // eslint-disable-next-line no-eval
    (0, eval)(source)
    const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    return violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`)
  }, axe)
  found.push(...await page.evaluate(foreign))
  if (over > 0) found.push(`is ${over} px wider than the screen when unfolded`)
  return found.map(f => `${path} ${f}`)
}

// foreign are the texts of an Arabic page that have no Arabic letter and are not
// set apart from it: forgotten sentences, and names that would be torn apart.
function foreign () {
  if (document.dir !== 'rtl') return []
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const found = []
  while (texts.nextNode()) {
    const { data, parentElement } = texts.currentNode
    const apart = parentElement.closest('bdi, textarea, script, [dir=auto], [lang]:not([lang=ar])')
    if (/\p{Script=Latin}/u.test(data) && !/[\p{Script=Arabic}\u2068]/u.test(data) && !apart) found.push(`says "${data.trim()}" amid Arabic`)
  }
  return found
}

// inLanguages are the addresses of pages, in the languages that have them.
const inLanguages = paths => paths.flatMap(path => ['', '/en', '/ar'].map(language => language + (language ? path.replace(/^\/(?=\?|$)/, '') : path)))

async function everyPage (paths, open) {
  const wrong = []
  for (const viewport of Object.values(screens)) {
    for (const colorScheme of ['light', 'dark']) {
      const { page, context, wrongs } = await visitor(city, { viewport, colorScheme, bypassCSP: true })
      await open?.(page)
      for (const path of paths) wrong.push(...(await faults(page, path)).map(f => `${viewport.width} ${colorScheme} ${f}`))
      wrong.push(...wrongs)
      await context.close()
    }
  }
  assert.deepEqual(wrong, [])
}

async function events (query) {
  const answer = await (await fetch(`${city.site}/api/v1/events?limit=500&${query}`)).json()
  return answer.events
}

test('public pages', async () => {
  const ahead = await events(`from=${new Date().toISOString()}`)
  const one = find => '/events/' + ahead.find(find).slug
  const mayDay = '/may-day/' + ahead.find(e => e.slug === 'forsta-maj').starts.slice(0, 4)
  const paths = [
    '/', '/?q=finns-inte', '/?kind=seminar&district=norr', '/subscribe', '/subscribe?association=mollevangen&kind=seminar&lang=en',
    '/?view=month', '/privacy', '/about', '/accessibility', '/demo/mail',
    mayDay, '/events/forsta-maj/share', '/events/forsta-maj/poster', '/associations/mollevangen/share', '/associations/mollevangen/poster', '/embed?association=mollevangen', '/associations/mollevangen', '/groups/klimat-och-el', '/districts/norr', '/events/forsta-maj',
    one(e => e.rsvp.needed && e.status === 'published'), one(e => !e.rsvp.needed), one(e => e.status === 'cancelled'), one(e => e.status === 'postponed')
  ]
  await everyPage([...inLanguages(paths), '/sign-in', '/en/sign-in'])
})

test("the organiser's pages", async () => {
  const { page, context } = await visitor(city)
  await page.goto(city.coordinator)
  await page.locator('main form button').click()
  await page.waitForURL(/\/organise$/)
  const cookies = await context.cookies()
  await page.goto(city.site + '/organise/events')
  const event = await page.locator('a.title').first().getAttribute('href')
  const links = '/organise/associations/stadsorganisationen/members'
  await page.goto(city.site + links)
  const members = new URL(await page.locator('#link').inputValue()).pathname
  await page.goto(city.site + members)
  const meeting = await page.locator('li:has(strong) a').first().getAttribute('href')
  // It is fetched from where there is nothing: its page says so.
  await page.goto(city.site + '/organise/calendars')
  await page.locator('#address').fill('webcal://kalender.invalid/kalender.ics')
  await page.locator('main form.sheet button').click()
  await page.waitForURL(/calendars\/[0-9a-f-]+$/)
  const calendar = new URL(page.url()).pathname
  await context.close()
  await everyPage([
    '/organise/calendars', '/en/organise/calendars', calendar, '/en' + calendar, '/organise', '/organise/events', '/organise/events/new?kind=may-day', event, event + '/attendance', event + '/preview',
    '/organise/members', links, links + '/renew', event + '/members', '/en' + links, members, '/en' + members, meeting, '/en' + meeting,
    '/organise/log', '/en/organise/log?event=finns-inte&who=a&from=2026-01-01', '/organise/outbox', '/en/organise', '/en/organise/events/new?kind=seminar'
  ], page => page.context().addCookies(cookies))
})
