// The page at a door: ticks at once, sends when it can, shows what other doors do.
// Without this file the forms of the page do the same, with coverage.
(async () => {
  const { fill, found, seats, shown, turnout } = doorRules
  const { here: door, worker, shell } = document.body.dataset
  const say = JSON.parse(document.body.dataset.say)
  const at = id => document.getElementById(id)
  const every = 5000 // milliseconds between two looks at what other doors did

  // Without these (over plain http, in a private window of some) it needs coverage.
  const keeps = 'serviceWorker' in navigator && 'caches' in window && 'indexedDB' in window && window.crypto && crypto.subtle
  let copy = keeps && await doorCopy(door).catch(() => null)

  let list = null
  let counts = { here: {}, walk_ins: 0 }
  let sent = {} // walk-ins by their ids, as the server knows them of this phone
  let queue = copy ? await copy.queue() : []
  queue.sort((a, b) => a.at - b.at)
  let until = null // { reads, writes, skew }: when the list goes, when sending ends, how late our clock is
  let tag = ''
  let saved = null // when the server was last heard
  let works = false // without coverage
  let offline = false
  let refused = 0
  let over = false // the list is gone

  const now = () => Date.now() + (until ? until.skew : 0)
  const uuid = () => {
    const b = crypto.getRandomValues(new Uint8Array(16))
    b[6] = b[6] & 15 | 64
    b[8] = b[8] & 63 | 128
    return Array.from(b, (n, i) => ([4, 6, 8, 10].includes(i) ? '-' : '') + n.toString(16).padStart(2, '0')).join('')
  }

  // The page

  const blank = at('row').content.firstElementChild
  const rows = {} // the lines by the sign-ups that they show

  function line (row) {
    const li = rows[row.rsvp] || (rows[row.rsvp] = at('r-' + row.rsvp) || blank.cloneNode(true))
    const of = selector => li.querySelector(selector)
    li.id = 'r-' + row.rsvp
    of('[name=rsvp]').value = row.rsvp
    of('form').setAttribute('action', door + '/presses')
    for (const who of li.querySelectorAll('.who')) who.textContent = row.name
    for (const need of li.querySelectorAll('.need')) need.hidden = !row.needs
    of('.party').textContent = fill(say.party, { n: row.party })
    of('.tick').value = row.party
    of('.party').hidden = of('.fewer').hidden = of('.more').hidden = row.party === 1
    of('.undo').hidden = row.party > 1 // one fewer leads there too
    for (const button of ['.fewer', '.more', '.undo']) of(button).setAttribute('aria-label', blank.querySelector(button).getAttribute('aria-label') + row.name)
    return li
  }

  const clear = () => { at('people').textContent = at('waiting').textContent = '' }

  function drawList () {
    at('title').textContent = list.title
    at('when').textContent = list.when
    at('phone').textContent = list.phone
    const lines = [list.rows.filter(row => row.expected).map(line), list.rows.filter(row => !row.expected).map(line)]
    clear()
    at('people').append(...lines[0])
    at('waiting').append(...lines[1])
    at('find').hidden = false
    draw()
  }

  function draw () {
    drawNet()
    if (over || !list) return
    const is = shown(counts, queue, sent)
    const t = turnout(list, is)
    at('number').textContent = fill(say.here, { here: t.here, of: t.expected })
    at('seats').textContent = seats(say, t)
    const typed = at('search').value
    let visible = 0
    let waiting = 0
    for (const row of list.rows) {
      const li = rows[row.rsvp]
      const n = is.here[row.rsvp] || 0
      const of = selector => li.querySelector(selector)
      li.className = n ? 'here' : ''
      of('.tick').hidden = n > 0
      of('.done').hidden = n === 0
      of('.part').textContent = fill(say.part, { here: n, of: row.party })
      of('.part').hidden = Math.max(n, row.party) === 1
      of('.fewer').value = Math.max(0, n - 1)
      of('.more').value = n + 1
      li.hidden = !found(row.name, typed) || at('only').checked && n > 0
      if (!li.hidden) visible++
      if (!li.hidden && !row.expected) waiting++
    }
    at('others-list').hidden = waiting === 0
    at('nobody').hidden = visible > 0 || list.rows.length > 0 && !typed
    if (typed) at('nobody').textContent = say.none
  }

  function drawNet () {
    const words = []
    if (over) words.push(queue.length ? fill(say['ended.queued'], { n: queue.length }) : over)
    else if (offline) words.push(queue.length ? fill(say.queued, { n: queue.length }) : say.offline)
    if (refused) words.push(fill(say.refused, { n: refused }))
    // Said again it would be read out again.
    if (at('net').textContent !== words.join(' ')) at('net').textContent = words.join(' ')
    at('net').hidden = words.length === 0
    if (over || !list || !saved) return
    const heard = new Date(saved)
    const [hour, minute] = [heard.getHours(), heard.getMinutes()].map(n => String(n).padStart(2, '0'))
    const time = fill(say.clock, { hour, minute })
    at('line').textContent = fill(works ? say.saved : say.online, { time, n: list.rows.length })
    at('line').hidden = false
  }

  // lose takes all that was shown away.
  function lose (why) {
    over = why
    list = null
    counts = { here: {}, walk_ins: 0 }
    clear()
    for (const id of ['title', 'number', 'seats', 'when', 'phone', 'said']) at(id).textContent = ''
    for (const id of ['find', 'line', 'others-list', 'walk', 'last', 'nobody']) at(id).hidden = true
    draw()
  }

  // Keeping

  let keptCounts = null
  let keptAt = 0
  async function save () {
    if (!copy || over || !list || keptCounts === counts && saved - keptAt < 60000) return
    await copy.save({ list, counts, sent, saved }, until)
    keptCounts = counts
    keptAt = saved
  }

  // keepPage puts the page and what it fetches where the worker finds them.
  async function keepPage () {
    await navigator.serviceWorker.register(worker, { scope: door })
    const page = await fetch(door + '/shell', { cache: 'no-store' })
    if (!page.ok) return
    const text = await page.clone().text()
    const cache = await caches.open('door ' + door)
    await cache.addAll([...new Set(text.match(/\/static\/[\w.-]+/g))])
    await cache.put(door, page)
    await navigator.serviceWorker.ready
    works = true
  }

  // end takes away all that this phone knows of the door.
  async function end () {
    if (!copy) return
    const ending = copy
    copy = null
    await caches.delete('door ' + door)
    for (const r of await navigator.serviceWorker.getRegistrations()) if (new URL(r.scope).pathname === door) await r.unregister()
    await ending.end()
  }

  // ended is when the list may not be read any more: what waits is sent all the same.
  async function ended () {
    if (!over) {
      lose(say.ended)
      if (copy) await copy.forget(until)
    }
    if (queue.length === 0 || !until || now() >= until.writes) await end()
  }

  // Sending and fetching

  class Closed extends Error {}
  class Past extends Error {}

  async function ask (path, options) {
    const answer = await fetch(door + path, Object.assign({ cache: 'no-store' }, options))
    if (answer.status === 401 || answer.status === 404) throw new Closed()
    if (answer.status === 409) throw new Past()
    if (!answer.ok && answer.status !== 304) throw new Error(answer.status)
    return answer
  }

  async function fetchList () {
    list = await (await ask('/list')).json()
    counts = list
    until = { reads: Date.parse(list.reads), writes: Date.parse(list.writes), skew: Date.parse(list.now) - Date.now() }
    drawList()
    return true
  }

  async function send () {
    const presses = queue.slice(0, 500)
    const body = JSON.stringify({ presses: presses.map(({ id, rsvp = '', walk_in = '', count, at }) => ({ id, rsvp, walk_in, count, at })) })
    const answer = await (await ask('/presses', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })).json()
    refused += Object.keys(answer.refused).length
    const is = shown(counts, presses, sent)
    counts = Object.assign({}, counts, { here: is.here, walk_ins: is.walkIns })
    sent = is.sent
    tag = ''
    queue = queue.filter(press => !presses.includes(press))
    if (copy) await copy.remove(presses)
  }

  // talk reports whether what is shown is as new as can be.
  async function talk () {
    if (queue.length) await send()
    if (over || document.hidden && list) return false
    if (!list) return fetchList()
    const answer = await ask('/counts', { headers: tag ? { 'If-None-Match': tag } : {} })
    if (answer.status === 304) return true
    tag = answer.headers.get('ETag')
    const news = await answer.json()
    until.skew = Date.parse(news.now) - Date.now()
    if (news.version !== list.version) return fetchList()
    counts = news
    return true
  }

  let talking = false
  let again = false
  async function sync () {
    again = talking
    if (talking || over && queue.length === 0) return
    talking = true
    do {
      again = false
      try {
        if (until && !over && now() >= until.reads) await ended()
        if (await talk()) saved = now()
        offline = false
        if (over) await ended()
        await save()
      } catch (wrong) {
        if (wrong instanceof Closed) {
          queue = []
          lose(say.closed)
          await end()
        } else if (wrong instanceof Past) await ended()
        else offline = true
      }
      draw()
    } while (again)
    talking = false
  }

  // Pressing

  let undo = null // the press that takes the last one back

  async function press (what, words) {
    const made = Object.assign({ id: uuid(), at: Math.round(now()) }, what)
    queue.push(made)
    at('said').textContent = words
    at('last').hidden = false
    at('undo').hidden = !undo
    draw()
    if (copy) await copy.add(made)
    await sync()
  }

  function pressRow (rsvp, count) {
    const row = list.rows.find(row => row.rsvp === rsvp)
    undo = { what: { rsvp, count: shown(counts, queue, sent).here[rsvp] || 0 }, words: row.name }
    press({ rsvp, count }, fill(count ? say.ticked : say.unticked, { name: row.name }))
    // Whoever found her by typing looks for the next one.
    if (at('search').value) {
      at('search').value = ''
      at('search').focus()
      draw()
    }
  }

  document.addEventListener('click', event => {
    const button = event.target.closest('.people button')
    if (!button || !list) return
    event.preventDefault()
    const form = button.closest('form')
    const focused = document.activeElement === button && !at('search').value // else the search keeps it
    pressRow(form.elements.rsvp.value, Number(button.value))
    // The button that was pressed is gone; whoever goes by key stays in the line.
    if (focused && button.offsetParent === null && !form.closest('li').hidden) form.querySelector('button:not([hidden])').focus()
  })

  at('walk').addEventListener('submit', event => {
    if (!list) return
    event.preventDefault()
    const count = Math.min(200, Math.max(1, Math.round(at('many').valueAsNumber) || 1))
    const id = uuid()
    undo = { what: { walk_in: id, count: 0 }, words: '' }
    press({ walk_in: id, count }, fill(say['walked-in'], { n: count }))
    at('many').value = 1
  })

  at('undo').addEventListener('click', () => {
    if (!undo) return
    const { what, words } = undo
    undo = null
    press(what, words ? fill(what.count ? say.ticked : say.unticked, { name: words }) : '')
  })

  for (const event of ['input', 'search', 'change']) at('find').addEventListener(event, draw)
  addEventListener('online', sync)
  document.addEventListener('visibilitychange', sync)

  // Beginning

  if (copy) {
    until = await copy.until() || null
    if (until && now() >= until.reads) await ended()
    else if (until) {
      ({ list, counts, sent, saved } = await copy.load())
      works = Boolean(shell)
      drawList()
    }
  }
  await sync()
  setInterval(sync, every)
  if (copy && !over) await keepPage().catch(() => {})
  draw()
})()
