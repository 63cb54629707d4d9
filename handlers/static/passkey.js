// Lets a browser make or show a passkey, and sends its answer by the form that asked
// for it. Without this file, or where a browser has no passkeys, the forms stay hidden
// and what is said instead stays: an authenticator's code needs none of this.
const bytes = text => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0))
const text = buffer => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

// JSON has no bytes: what is asked and answered is written in base64url there.
function asked (ask) {
  const credential = c => ({ ...c, id: bytes(c.id) })
  return {
    ...ask,
    challenge: bytes(ask.challenge),
    ...(ask.user && { user: { ...ask.user, id: bytes(ask.user.id) } }),
    ...(ask.excludeCredentials && { excludeCredentials: ask.excludeCredentials.map(credential) }),
    ...(ask.allowCredentials && { allowCredentials: ask.allowCredentials.map(credential) })
  }
}

function answered ({ id, rawId, type, response, authenticatorAttachment }) {
  const out = {}
  for (const name of ['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle']) {
    if (response[name]) out[name] = text(response[name])
  }
  if (response.getTransports) out.transports = response.getTransports()
  return JSON.stringify({ id, rawId: text(rawId), type, authenticatorAttachment, clientExtensionResults: {}, response: out })
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll('form[data-asks]') : []) {
  const said = form.querySelector('[role=status]')
  form.hidden = false
  for (const instead of document.querySelectorAll('[data-without-passkeys]')) instead.hidden = true
  form.addEventListener('submit', async event => {
    event.preventDefault()
    said.textContent = ''
    try {
      const publicKey = asked(await (await fetch(form.dataset.asks, { method: 'POST' })).json())
      const of = navigator.credentials
      form.elements.passkey.value = answered(await (form.dataset.makes ? of.create({ publicKey }) : of.get({ publicKey })))
      form.submit()
    } catch {
      // Whoever changes her mind in the browser's own window ends up here too.
      said.textContent = form.dataset.failed
    }
  })
}
