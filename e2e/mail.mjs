// The built-in mailbox of the demonstration. Mail is sent beside the answers, so a
// letter may take a moment, and longer on a machine that does much else.
import assert from 'node:assert/strict'
import { setTimeout as pause } from 'node:timers/promises'
import { follow } from './city.mjs'

const patience = 30_000 // milliseconds
const between = 100

// eventually looks until something is there, and hands it back.
export async function eventually (what, look) {
  const until = Date.now() + patience
  for (;;) {
    const seen = await look()
    if (seen) return seen
    assert.ok(Date.now() < until, what)
    await pause(between)
  }
}

// letters are the links to the letters of that subject to whoever has that in the
// address, the newest first, as soon as there are so many.
export async function letters (page, site, subject, { to = '', many = 1 } = {}) {
  const found = page.locator('main li', { hasText: to }).getByRole('link', { name: subject })
  await eventually(`no letter "${subject}" to "${to}"`, async () => {
    await page.goto(site + '/demo/mail')
    return await found.count() >= many
  })
  return found
}

// linkIn is the first link of that kind in the newest letter of that subject, which
// is left open.
export async function linkIn (page, site, link, subject, to) {
  await follow((await letters(page, site, subject, { to })).first())
  return page.frameLocator('iframe').locator(link).first().getAttribute('href')
}

// manages is the link by which a sign-up is managed.
export const manages = (page, site, subject) => linkIn(page, site, 'a[href*="/rsvp/"]', subject)

// spent are the codes of earlier mails: the newest may still be on its way.
const spent = new Set()

// signInCode is the code that was mailed to an address since the last was asked for.
export async function signInCode (context, site, to) {
  const tab = await context.newPage()
  const code = await eventually(`no code for ${to}`, async () => {
    await tab.goto(site + '/demo/mail')
    const subjects = await tab.locator('main li', { hasText: to }).getByRole('link', { name: /\d{3} \d{3}/ }).allInnerTexts()
    return subjects.map(subject => subject.match(/\d{3} \d{3}/)[0]).find(code => !spent.has(code))
  })
  spent.add(code)
  await tab.close()
  return code
}
