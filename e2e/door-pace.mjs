// How long it takes to tick off 30 people at a door, by somebody who does not hurry:
// she hears a name, types three letters of it on the telephone, reads what is left and
// taps. Her own share is fixed; what is said is how much the program adds.
import { follow, signIn, start, visitor } from './city.mjs'

const people = 30
const [hears, types, reads] = [900, 200, 700] // milliseconds: a name, a letter, what is found
const pause = wait => new Promise(resolve => setTimeout(resolve, wait))

const city = await start()
try {
  const { page: desk } = await visitor(city)
  await signIn(desk, city.organiser)
  await desk.goto(city.site + '/organise/events')
  await follow(desk.getByRole('link', { name: 'Stormöte om hyrorna' }).first())
  await desk.goto(desk.url() + '/door')
  const code = await desk.locator('.four').innerText()

  const { page } = await visitor(city)
  const began = Date.now()
  await page.goto(city.door)
  await pause(hears)
  for (const digit of code) await pause(types).then(() => page.keyboard.type(digit))
  await follow(page.getByRole('button', { name: 'Öppna listan' }))
  await page.getByText('fungerar utan täckning').waitFor()
  const opened = Date.now()
  const names = await page.locator('#people .tick .who').allTextContents()
  await page.locator('#search').click()
  let taps = 1
  for (let n = 0; n < people; n++) {
    const name = names[(n * 53) % names.length] // in no order
    await pause(hears)
    for (const letter of name.slice(0, 3)) await pause(types).then(() => page.keyboard.type(letter))
    await pause(reads)
    await page.locator('#people .tick:visible').filter({ hasText: name }).first().click({ timeout: 5000 })
    taps++
  }
  const took = (Date.now() - opened) / 1000
  const own = people * (hears + 3 * types + reads) / 1000
  console.log(`opened ${((opened - began) / 1000).toFixed(1)} s after the link; ${people} parties in ${took.toFixed(1)} s, of which ${own.toFixed(1)} s are hers: ${taps} taps, ${people * 3} letters`)
  console.log(await page.locator('#number').innerText())
} finally {
  await city.stop()
}
