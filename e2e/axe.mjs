// What axe knows to be in somebody's way on a page.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// violations are what axe finds on a page as it stands, a line for each rule; options are
// its own. The page must run JavaScript.
export async function violations (page, options = {}) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe)
  return page.evaluate(async options => {
    const { violations } = await globalThis.axe.run(document, { ...options, resultTypes: ['violations'] })
    return violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).slice(0, 3).join(', ')}`)
  }, options)
}

// accessible fails unless axe finds nothing.
export async function accessible (page) {
  assert.deepEqual((await violations(page)).map(v => `${page.url()} ${v}`), [])
}
