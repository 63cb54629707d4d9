import { start, visitor } from './city.mjs'
const city = await start()
const out = '/tmp/wt-scratch/arabic/'
const ahead = (await (await fetch(`${city.site}/api/v1/events?limit=500&from=${new Date().toISOString()}`)).json()).events
const e = ahead.find(e => e.rsvp.needed && e.status === 'published' && e.description)
const paths = { home: '/ar/', month: '/ar/?view=month', event: '/ar/events/' + e.slug, may: '/ar/events/forsta-maj', subscribe: '/ar/subscribe?association=mollevangen', privacy: '/ar/privacy', host: '/ar/associations/mollevangen', share: '/ar/events/' + e.slug + '/share' }
for (const width of [360, 1280]) {
  const { page, context, wrongs } = await visitor(city, { viewport: { width, height: 900 } })
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(city.site + path)
    await page.screenshot({ path: `${out}${name}-${width}.png`, fullPage: name !== 'home' && name !== 'month' })
  }
  if (width === 360) {
    await page.goto(city.site + paths.event)
    await page.locator('form[action$="/rsvp"] button').click()
    await page.screenshot({ path: `${out}wrong-${width}.png`, fullPage: true })
    await page.fill('#name', 'Samira Provdotter'); await page.fill('#email', 'samira@example.org'); await page.fill('#party', '2'); await page.check('#consent')
    await page.locator('form[action$="/rsvp"] button').click()
    await page.screenshot({ path: `${out}thanks-${width}.png`, fullPage: true })
    await page.waitForTimeout(1500)
    await page.goto(city.site + '/ar/demo/mail'); await page.locator('main a').first().click()
    const frame = page.frameLocator('iframe'); const manage = await frame.locator('a[href*="/rsvp/"]').first().getAttribute('href')
    await page.goto(page.url() + '/html'); await page.screenshot({ path: `${out}mail-${width}.png`, fullPage: true })
    await page.goto(manage); await page.screenshot({ path: `${out}manage-${width}.png`, fullPage: true })
  }
  console.log(width, wrongs)
  await context.close()
}
await city.stop()
