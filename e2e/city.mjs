// The running demonstration, and a browser that looks at it.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { chromium } from 'playwright-core'

// SAMLING_BINARY is the built program.
const binary = process.env.SAMLING_BINARY ?? '../samling'

async function freePort () {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

// start runs a demonstration of its own and reads what it prints: two links with
// which to sign in, and one to the door of an event.
export async function start () {
  const port = await freePort()
  const program = spawn(binary, ['demo', '--listen', `127.0.0.1:${port}`, '--rate-limit', 'off'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const links = []
  for await (const line of createInterface({ input: program.stdout })) {
    if (links.push(line) === 3) break
  }
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run']
  })
  return {
    site: `http://localhost:${port}`,
    organiser: links[0],
    coordinator: links[1],
    door: links[2],
    browser,
    stop: async () => {
      await browser.close()
      program.kill('SIGTERM')
      if (program.exitCode === null) await once(program, 'exit')
    }
  }
}

// visitor is one person's browser. What no page may do is collected in wrongs:
// say something on the console, ask another site for anything, answer with a
// fault of ours, be wider than the screen.
export async function visitor (city, options = {}) {
  const wrongs = []
  const context = await city.browser.newContext({ viewport: { width: 360, height: 760 }, locale: 'sv-SE', acceptDownloads: true, ...options })
  const page = await context.newPage()
  // A form with something wrong in it is answered 422, what cannot be done now 409, a
  // sign-up that is erased 410, which browsers report.
  page.on('console', m => { if (!/ (409|410|422) /.test(m.text())) wrongs.push(`console at ${page.url()}: ${m.text()}`) })
  page.on('pageerror', e => wrongs.push(`error at ${page.url()}: ${e.message}`))
  page.on('request', r => { if (!r.url().startsWith(city.site) && !r.url().startsWith('data:')) wrongs.push(`asked ${r.url()}`) })
  page.on('response', r => { if (r.status() >= 500) wrongs.push(`${r.status()} at ${r.url()}`) })
  page.on('load', async () => {
    const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth).catch(() => 0)
    if (over > 0) wrongs.push(`${page.url()} is ${over} px wider than the screen`)
  })
  return { page, context, wrongs }
}

// follow presses what leads to another page, and is over when that is there whole. A
// click of Playwright's is over when that page has begun to come, and who reads it
// then reads half of it.
export const follow = link => led(link.page(), () => link.click())

// enter does the same by the key, from what has the focus.
export const enter = page => led(page, () => page.keyboard.press('Enter'))

// The page is waited for longer than what is pressed, so that one reads which is missing.
const led = (page, press) => Promise.all([page.waitForEvent('load', { timeout: 60_000 }), press()])

// signIn goes in by a link that the demonstration printed or mailed.
export async function signIn (page, link) {
  await page.goto(link)
  await follow(page.locator('main form button'))
  await page.waitForURL(/\/organise$/)
}

// inDays is the day so many days from today, by the calendar of the city, as a date
// field takes it.
export function inDays (n) {
  const day = new Date(new Date().toLocaleDateString('sv-SE', { timeZone: 'Europe/Stockholm' }))
  day.setUTCDate(day.getUTCDate() + n)
  return day.toISOString().slice(0, 10)
}

// tabTo goes on with the tab key until the name of what has the focus begins like
// that, or is that for which fits is true.
export async function tabTo (page, name, fits = here => here.startsWith(name)) {
  for (let i = 0; i < 120; i++) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const at = document.activeElement
      return (at.ariaLabel ?? (at.labels?.[0] ?? at).textContent).trim().replace(/\s+/g, ' ')
    })
    if (fits(here)) return
  }
  assert.fail(`the tab key does not lead to "${name}"`)
}

// published is the address of an event that the organiser behind a page who is
// signed in has written and published.
export async function published (page, site, kind, fields) {
  await page.goto(`${site}/organise/events/new?kind=${kind}`)
  await page.evaluate(() => { for (const folded of document.querySelectorAll('details')) folded.open = true })
  for (const [name, value] of Object.entries(fields)) {
    const field = page.locator(`[name="${name}"]`)
    if (await field.evaluate(f => f.tagName) === 'SELECT') await field.selectOption(value)
    else await field.fill(value)
  }
  await follow(page.locator('button[value=publish]'))
  await page.goto(`${site}/?q=${encodeURIComponent(fields.title)}&from=${fields['starts.date']}`)
  return new URL(await page.locator('.agenda a', { hasText: fields.title }).first().getAttribute('href'), site).pathname
}

// code is what an authenticator with that secret shows now (RFC 6238); later: so many
// steps from now.
export function code (secret, later = 0) {
  const bits = [...secret.replaceAll(' ', '')].map(c => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('')
  const step = Buffer.alloc(8)
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const mac = createHmac('sha1', Buffer.from(bits.match(/.{8}/g).map(b => parseInt(b, 2)))).update(step).digest()
  return String((mac.readUInt32BE(mac.at(-1) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

// prove gives whoever is signed in an authenticator and shows its code, so that she is
// let to addresses, notes and exports: coordinators always are asked. Once for each
// account and browser; the secret comes back, for another browser.
export async function prove (page, site) {
  await page.goto(site + '/organise/account/factors/new')
  const secret = await page.locator('.secret').textContent()
  await page.locator('#code').fill(code(secret))
  await follow(page.locator('form:has(#code) button'))
  await page.waitForURL(/account\?done=factor$/)
  return secret
}
