// What a phone keeps of a door, so that it works without coverage: the list, sealed
// with a key that no script can read, and the presses that wait to be sent, which name
// nobody. docs/door.md says what that protects from, and from what not.
globalThis.doorCopy = async name => {
  const done = request => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
  const opening = indexedDB.open('door ' + name, 1)
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('kept')
    opening.result.createObjectStore('queue', { keyPath: 'id' })
  }
  const db = await done(opening)
  db.onversionchange = () => db.close() // another page of it ends the door
  const store = (of, mode) => db.transaction(of, mode).objectStore(of)
  const cipher = iv => ({ name: 'AES-GCM', iv })

  async function key () {
    const kept = await done(store('kept').get('key'))
    if (kept) return kept
    const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt'])
    await done(store('kept', 'readwrite').put(made, 'key'))
    return made
  }

  return {
    // until are the times that must be known without opening the list.
    async save (list, until) {
      const iv = crypto.getRandomValues(new Uint8Array(12))
      const sealed = await crypto.subtle.encrypt(cipher(iv), await key(), new TextEncoder().encode(JSON.stringify(list)))
      await done(store('kept', 'readwrite').put({ iv, sealed, until }, 'copy'))
    },
    async until () {
      const kept = await done(store('kept').get('copy'))
      return kept && kept.until
    },
    async load () {
      const { iv, sealed } = await done(store('kept').get('copy'))
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(cipher(iv), await key(), sealed)))
    },
    // forget takes the list and its key away, and leaves what is to be sent.
    async forget (until) {
      const kept = store('kept', 'readwrite')
      kept.clear()
      await done(kept.put({ until }, 'copy'))
    },
    queue: () => done(store('queue').getAll()),
    add: press => done(store('queue', 'readwrite').put(press)),
    async remove (presses) {
      const queue = store('queue', 'readwrite')
      await Promise.all(presses.map(press => done(queue.delete(press.id))))
    },
    async end () {
      db.close()
      await done(indexedDB.deleteDatabase('door ' + name))
    }
  }
}
