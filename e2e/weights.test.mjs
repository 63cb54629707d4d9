// What every page weighs, whether its HTML is what it says, and how soon somebody
// with a slow telephone sees something.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { HtmlValidate } from 'html-validate'
import { start, visitor } from './city.mjs'
import { prefixes, publicPaths, spoken } from './paths.mjs'

let city, paths
before(async () => {
  city = await start()
  paths = Object.keys(prefixes).flatMap(language => publicPathsIn(language))
  paths = (await Promise.all(paths)).flat()
})
after(async () => { await city?.stop() })

const publicPathsIn = async language => (await publicPaths(city)).map(path => spoken(path, language))

// The most that a page and all that it fetches may weigh, compressed, in bytes.
const most = 60 << 10

test('pages are light', async t => {
  const { page, context } = await visitor(city)
  let heaviest = { bytes: 0 }
  for (const path of paths) {
    await page.goto(city.site + path, { waitUntil: 'load' })
    const bytes = await page.evaluate(() => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
      .reduce((sum, entry) => sum + entry.encodedBodySize, 0))
    if (bytes > heaviest.bytes) heaviest = { bytes, path }
    assert.ok(bytes > 0 && bytes <= most, `${path} weighs ${bytes} bytes, want at most ${most}`)
  }
  t.diagnostic(`the heaviest of ${paths.length} pages is ${heaviest.path} with ${heaviest.bytes} bytes`)
  await context.close()
})

test('HTML is valid', async () => {
  const judge = new HtmlValidate({
    extends: ['html-validate:standard'],
    rules: {
      // Taste, not validity: our attributes stand as they are read, and a space more
      // or less is nobody's fault.
      'long-title': 'off', 'no-trailing-whitespace': 'off', 'no-inline-style': 'error', 'prefer-native-element': 'off', 'tel-non-breaking': 'off'
    }
  })
  const wrong = []
  for (const path of paths) {
    const report = await judge.validateString(await (await fetch(city.site + path)).text())
    for (const { messages } of report.results) wrong.push(...messages.map(m => `${path}:${m.line}:${m.column} ${m.ruleId}: ${m.message}`))
  }
  assert.deepEqual([...new Set(wrong)], [])
})

// Nobody's floor: what else the machine does would decide it. It is printed for
// those who read.
test('something is seen soon', async t => {
  const { page, context } = await visitor(city)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: 6 })
  for (const path of ['/', '/?view=month', '/events/forsta-maj', '/subscribe']) {
    await page.goto(city.site + path, { waitUntil: 'load' })
    // All may have come before anything is painted.
    const painted = await page.evaluate(() => new Promise(resolve => {
      new PerformanceObserver(list => list.getEntriesByName('first-contentful-paint').forEach(entry => resolve(entry.startTime))).observe({ type: 'paint', buffered: true })
    }))
    t.diagnostic(`${path} is painted after ${Math.round(painted)} ms on a processor six times slower`)
  }
  await context.close()
})
