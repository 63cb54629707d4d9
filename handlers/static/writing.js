// Says in words what was understood of the hours while they are typed, keeps a draft
// without being asked, and lets nobody leave what is out half-changed. Without this
// file the words come with the next page, and a draft is saved by its button.
const form = document.querySelector('form.sheet[data-when]')
const field = name => form.elements.namedItem(name)
const after = { words: 250, keep: 3000 } // milliseconds since the last key
let asked = 0 // the words that were asked for last
let wordsTimer, keepTimer
let typed = false // something is not kept
let keeping // the answer that is on its way
let sending = false

async function say () {
  const mine = ++asked
  const query = new URLSearchParams()
  for (const name of ['kind', 'zone', 'starts.date', 'starts.time', 'ends.time', 'ends.date']) query.set(name, field(name).value)
  if (field('date_only').checked) query.set('date_only', 'yes')
  const answer = await fetch(`${form.dataset.when}?${query}`).catch(() => null)
  if (mine !== asked || !answer?.ok || answer.redirected) return
  const { words, warn, ends } = await answer.json()
  const said = document.getElementById('understood')
  const [strong, span] = said.children
  // Only what is new is read out.
  if (strong.textContent !== words) strong.textContent = words
  if (span.textContent !== (warn ?? '')) span.textContent = warn ?? ''
  said.classList.toggle('warns', Boolean(warn))
  field('ends.time').placeholder = ends ?? ''
}

async function keep () {
  clearTimeout(keepTimer)
  if (!typed || sending || !form.dataset.keep) return
  if (keeping) return keeping.then(keep)
  typed = false
  const body = new URLSearchParams(new FormData(form))
  body.set('do', 'keep')
  keeping = fetch(form.action, { method: 'POST', body, keepalive: true }).then(async answer => {
    if (answer.redirected || !answer.headers.get('Content-Type').includes('json')) return { said: form.dataset.keep }
    return answer.json()
  }).catch(() => ({ said: form.dataset.keepNot }))
  const { said, at, seen } = await keeping
  keeping = undefined
  document.getElementById('kept').textContent = said
  if (!at) {
    typed = true
    return
  }
  field('seen').value = seen
  if (form.getAttribute('action') !== at) {
    form.action = at
    history.replaceState(null, '', at)
  }
}

form?.addEventListener('input', event => {
  typed = true
  if (/^(kind|starts|ends|date_only)/.test(event.target.name)) {
    clearTimeout(wordsTimer)
    wordsTimer = setTimeout(say, after.words)
  }
  clearTimeout(keepTimer)
  keepTimer = setTimeout(keep, after.keep)
})

// Two who write at once would be told of each other, were it she herself.
form?.addEventListener('submit', async event => {
  clearTimeout(keepTimer)
  sending = true
  if (!keeping) return
  event.preventDefault()
  await keeping
  form.requestSubmit(event.submitter)
})

document.addEventListener('visibilitychange', () => {
  if (form && document.visibilityState === 'hidden') keep()
})

window.addEventListener('pageshow', () => { sending = false })

window.addEventListener('beforeunload', event => {
  if (form && typed && !sending && !form.dataset.keep) event.preventDefault()
})

if (form) say()
