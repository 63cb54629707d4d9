// Every page in all languages, light and dark, on a phone, a tablet and a desk:
// nothing on the console, nothing asked of another site, no wider than the screen,
// nothing that axe knows to be in somebody's way, and no sentence of another
// language on an Arabic page.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { violations } from './axe.mjs'
import { follow, prove, published, signIn, start, visitor } from './city.mjs'
import { events, prefixes, publicPaths, spoken } from './paths.mjs'

const widths = [360, 1280]
const together = 3 // pages at once

let city
before(async () => { city = await start() })
after(async () => { await city?.stop() })

// Rules of axe whose answer turns on colours, and on how much room there is.
const colours = ['color-contrast', 'link-in-text-block']
const room = ['target-size', 'scrollable-region-focusable']
const levels = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

// judged are the looks whose colours axe has seen. What looks the same at another width,
// on another page or in another language has the same contrast, and to ask again takes
// longer than all else.
const judged = new Set()

// look is which elements of a page are seen, in their order, and how they look: all
// that contrast turns on, their letters, and what these stand on and amid.
function look () {
  const grounds = new Map([[document.body.parentElement, '']])
  const all = [...document.body.parentElement.querySelectorAll('body, body *')].map(e => {
    const { color, backgroundColor, backgroundImage, opacity, position, fontSize, fontWeight, textDecorationLine } = getComputedStyle(e)
    const own = [backgroundColor, backgroundImage, opacity, position].join()
    const below = grounds.get(e.parentElement)
    grounds.set(e, own === 'rgba(0, 0, 0, 0),none,1,static' ? below : own + '/' + below)
    if (!e.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return ''
    const large = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24)
    return [color, large, fontWeight, textDecorationLine, getComputedStyle(e.parentElement).color, grounds.get(e)].join(';')
  })
  return { seen: all.map(l => l ? 1 : 0).join(''), looks: [...new Set(all)] }
}

// faults are what is wrong with a page. What is no question of colours or of room is
// asked anew where another width shows something else.
async function faults (page, path) {
  const found = []
  await page.goto(city.site + path)
  // What is folded away is somebody's page too, and axe passes it by.
  await page.evaluate(() => { for (const folded of document.querySelectorAll('details')) folded.open = true })
  found.push(...(await page.evaluate(foreign)).map(w => `${path} ${w}`))
  const fits = async (width, height) => {
    await page.setViewportSize({ width, height })
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    if (over > 0) found.push(`${path} ${width} is ${over} px wider than the screen`)
  }
  // As wide as a desk at 400 %, and as a tablet: axe has nothing to say there that it
  // does not say on a phone or at a desk.
  await fits(320, 256)
  await fits(768, 900)
  const read = new Set()
  for (const width of widths) {
    await fits(width, 900)
    for (const colorScheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme })
      const { seen, looks } = await page.evaluate(look)
      const painted = looks.some(l => !judged.has(l))
      for (const l of looks) judged.add(l)
      const all = !read.has(seen)
      read.add(seen)
      const some = [...(painted ? colours : []), ...(colorScheme === 'light' ? room : [])]
      const options = all
        ? { runOnly: levels, rules: Object.fromEntries(colours.map(rule => [rule, { enabled: painted }])) }
        : { runOnly: { type: 'rule', values: some } }
      if (!all && some.length === 0) continue
      found.push(...(await violations(page, options)).map(w => `${path} ${width} ${colorScheme} ${w}`))
    }
  }
  return found
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

async function everyPage (paths, open) {
  const wrong = []
  const left = [...paths]
  await Promise.all(Array.from({ length: together }, async () => {
    const { page, context, wrongs } = await visitor(city, { bypassCSP: true })
    await open?.(page)
    for (let path = left.shift(); path; path = left.shift()) wrong.push(...await faults(page, path))
    // What is not there is answered so, which browsers report.
    wrong.push(...wrongs.filter(w => !w.includes('404')))
    await context.close()
  }))
  assert.deepEqual(wrong, [])
}

// endless is an event of which everything is as long as people make it. Links to
// sign in work once, so it is the organiser's.
async function endless () {
  const { page, context } = await visitor(city)
  await signIn(page, city.organiser)
  const title = '🎉 Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft möter Malmöborna 🏡'
  const at = await published(page, city.site, 'seminar', {
    title, summary: 'Se https://example.org/' + 'x'.repeat(90), description: '> https://example.org/' + 'y'.repeat(90), 'starts.date': '2031-03-05', 'starts.time': '18',
    'place.name': 'Folkets hus i ' + 'Möllevången'.repeat(8), 'place.address': 'Exempelgatan 1'
  })
  await context.close()
  return [at, at + '/share', at + '/poster', '/?q=' + encodeURIComponent(title.slice(3, 40)), '/?view=month&month=2031-03']
}

test('public pages', async () => {
  const paths = [...await publicPaths(city), ...await endless()]
  await everyPage([...Object.keys(prefixes).flatMap(language => paths.map(path => spoken(path, language))), '/sign-in', '/en/sign-in'])
})

test("the organiser's pages", async () => {
  const { page, context } = await visitor(city)
  await signIn(page, city.coordinator)
  await prove(page, city.site) // before what a list keeps of people
  const cookies = await context.cookies()
  await page.goto(city.site + '/organise/events')
  const event = await page.locator('a.title').first().getAttribute('href')
  const asking = '/organise/events/' + (await events(city, `from=${new Date().toISOString()}`)).find(e => e.rsvp.ask.length > 0).id
  const links = '/organise/associations/stadsorganisationen/members'
  await page.goto(city.site + links)
  const members = new URL(await page.locator('#link').inputValue()).pathname
  await page.goto(city.site + members)
  const meeting = await page.locator('li:has(strong) a').first().getAttribute('href')
  // It is fetched from where there is nothing: its page says so.
  await page.goto(city.site + '/organise/calendars')
  await page.locator('#address').fill('webcal://kalender.invalid/kalender.ics')
  await follow(page.locator('main form.sheet button'))
  await page.waitForURL(/calendars\/[0-9a-f-]+$/)
  const calendar = new URL(page.url()).pathname
  // What a coordinator finds of what associations do together.
  const day = '/organise/events/' + (await events(city, 'kind=may-day')).find(e => e.slug === 'forsta-maj').id
  await context.close()
  await everyPage([
    event + '/hosts', '/en' + event + '/hosts', day + '/parts', '/en' + day + '/parts', day, '/organise/approvals', '/en/organise/approvals',
    event + '/door', '/en' + event + '/door', new URL(city.door).pathname, '/en' + new URL(city.door).pathname, '/door/no-such-link',
    '/organise/account', '/organise/account/factors/new', '/organise/account/tokens/new', '/organise/prove',
    '/organise/calendars', '/en/organise/calendars', calendar, '/en' + calendar, '/organise', '/organise/events', '/organise/events/new?kind=may-day', event, event + '/attendance', event + '/preview', asking + '/attendance', asking + '/attendance/details', asking + '/attendance/ticks', asking + '/attendance/blank',
    event + '/series', '/en' + event + '/series?how=week&count=4&skip=yes', '/organise/templates', '/en/organise/templates?from=' + event.split('/').at(-1), '/organise/events/new', '/organise/ours', '/organise/contributions', '/en/organise/contributions?q=finns-inte', '/organise/account/digest', event + '/write', '/en' + event + '/write', '/organise/city', '/organise/venues', '/organise/venues/new', event + '/photo', '/organise/members', links, links + '/renew', event + '/members', '/en' + links, members, '/en' + members, meeting, '/en' + meeting,
    ...['overview', 'directory', 'directory/new', 'directory/mollevangen', 'directory/mollevangen/close', 'organisers', 'organisers/new', 'settings', 'numbers', 'events?which=needs'].map(room => '/organise/' + room), '/en/organise/numbers?by=month',
    '/organise/log', '/organise/changes', event + '/history', '/en' + event + '/history', event + '/published', '/en/organise/log?event=finns-inte&who=a&from=2026-01-01', '/organise/outbox', '/organise/texts', '/organise/texts/mollevangen', '/organise/notice', '/en/organise/notice', '/en/organise', '/en/organise/events/new?kind=seminar'
  ], page => page.context().addCookies(cookies))
})
