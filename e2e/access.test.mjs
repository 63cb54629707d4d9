// An account and its keys: a second factor before lists, browsers that are signed in,
// tokens for programs, and the mails that tell of each.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { accessible } from './axe.mjs'
import { code, follow, prove, signIn, start, visitor } from './city.mjs'
import { letters, signInCode } from './mail.mjs'

let city, office, organiser

before(async () => {
  city = await start()
  office = await visitor(city)
  await office.page.goto(city.coordinator)
  await office.page.getByLabel('Det här är min egen dator eller telefon').check()
  await follow(office.page.locator('main form button'))
  organiser = await visitor(city, { viewport: { width: 1280, height: 900 }, bypassCSP: true })
  await signIn(organiser.page, city.organiser)
})
after(() => city?.stop())

// list is the address of an event's attendance list.
async function list (page) {
  await page.goto(city.site + '/organise/events')
  return new URL(await page.locator('a[href$="/attendance"]').first().getAttribute('href'), city.site).pathname
}

test('a coordinator makes a passkey on the way to a file, and shows it the next time', async () => {
  const { page, context, wrongs } = office
  const devtools = await context.newCDPSession(page)
  await devtools.send('WebAuthn.enable')
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  })
  const at = await list(page)
  await page.goto(city.site + at + '/details')
  assert.match(page.url(), /\/organise\/prove\?then=/)
  await follow(page.getByRole('link', { name: 'Lägg till nu' }))
  await page.locator('#passkey-name').fill('Telefonen')
  await follow(page.getByRole('button', { name: 'Skapa en passkey' }))
  await page.waitForURL(url => url.pathname === at + '/details')
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
  assert.equal(credentials.length, 1)

  // The browser forgets the proof with the session. Another signs in by mail.
  const again = await visitor(city, { javaScriptEnabled: true })
  await again.page.goto(city.site + '/sign-in')
  await again.page.locator('#email').fill('coordinator@example.org')
  await follow(again.page.locator('main form button'))
  await again.page.locator('#code').fill(await signInCode(context, city.site, 'coordinator@'))
  await follow(again.page.locator('main form button'))
  await again.page.waitForURL(/\/organise$/)
  await letters(page, city.site, 'Inloggning med en ny webbläsare')

  const other = await again.context.newCDPSession(again.page)
  await other.send('WebAuthn.enable')
  const { authenticatorId: copy } = await other.send('WebAuthn.addVirtualAuthenticator', {
    options: { protocol: 'ctap2', transport: 'internal', hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true }
  })
  await other.send('WebAuthn.addCredential', { authenticatorId: copy, credential: credentials[0] })
  await again.page.goto(`${city.site}/organise/prove?then=${encodeURIComponent(at + '.csv')}`)
  await follow(again.page.getByRole('button', { name: 'Använd din passkey' }))
  await again.page.getByRole('heading', { name: 'Nu vet vi att det är du' }).waitFor()
  const [file] = await Promise.all([again.page.waitForEvent('download'), again.page.getByRole('link', { name: 'Fortsätt' }).click()])
  assert.match(file.suggestedFilename(), /\.csv$/)

  // She sees both browsers, and signs the other out.
  await page.goto(city.site + '/organise/account')
  assert.equal(await page.locator('.account li', { hasText: 'Linux' }).count(), 2)
  await follow(page.getByRole('button', { name: 'Logga ut överallt utom här' }))
  await page.getByText('Du är utloggad överallt utom här.').waitFor()
  await again.page.goto(city.site + '/organise/account')
  assert.match(again.page.url(), /\/sign-in\?then=/)
  await letters(page, city.site, 'En passkey eller kod är tillagd')
  assert.deepEqual([...wrongs, ...again.wrongs], [])
  await again.context.close()
})

test('a code opens the list without JavaScript, a wrong one does not', async () => {
  const cookies = await organiser.context.cookies()
  const { page, context, wrongs } = await visitor(city, { javaScriptEnabled: false })
  await context.addCookies(cookies)
  const secret = await prove(page, city.site)
  assert.equal(await page.locator('.account li', { hasText: 'Kod från en app' }).count(), 1)
  await page.goto(city.site + '/organise/prove?then=/organise/events')
  // A proof stands, so the page has nothing to ask: its form is tried by a request.
  const answer = async code => (await context.request.post(city.site + '/organise/prove', { form: { code, then: '/organise/events' }, maxRedirects: 0 })).status()
  assert.equal(await answer('000000'), 422)
  assert.equal(await answer(code(secret)), 422, 'a code is taken twice')
  assert.equal(await answer(code(secret, 1)), 303)
  assert.deepEqual(wrongs, [])
  await context.close()
})

test('a token does what it is for, until it is revoked', async () => {
  const { page, wrongs } = organiser
  await page.goto(city.site + '/organise/account')
  await accessible(page)
  await follow(page.getByRole('link', { name: 'Skapa en nyckel för ett program' }))
  await accessible(page)
  await page.locator('#name').fill('Vår webbplats')
  await follow(page.getByRole('button', { name: 'Skapa nyckeln' }))
  const token = await page.locator('#token').inputValue()
  await accessible(page)
  const asks = path => fetch(city.site + '/api/v1' + path, { headers: { Authorization: 'Bearer ' + token } })
  assert.equal((await asks('/events?mine=1')).status, 200)
  const { events: [first] } = await (await asks('/events?mine=1')).json()
  const refused = await asks(`/events/${first.id}/attendance`)
  assert.equal((await refused.json()).code, 'not-in-scope')
  await page.goto(city.site + '/organise/account')
  await follow(page.getByRole('button', { name: 'Ta tillbaka Vår webbplats' }))
  assert.equal((await asks('/events')).status, 401)
  await letters(page, city.site, 'En nyckel för ett program är skapad')
  assert.deepEqual(wrongs, [])
})

test('the pages of the account, narrow and wide', async () => {
  const cookies = await organiser.context.cookies()
  for (const [width, colorScheme] of [[360, 'dark'], [1280, 'light']]) {
    const { page, context, wrongs } = await visitor(city, { viewport: { width, height: 800 }, colorScheme, bypassCSP: true })
    await context.addCookies(cookies)
    for (const path of ['/organise/account', '/en/organise/account', '/organise/account/factors/new', '/organise/prove', '/en/organise/prove']) {
      await page.goto(city.site + path)
      await accessible(page)
    }
    assert.deepEqual(wrongs, [])
    await context.close()
  }
})
