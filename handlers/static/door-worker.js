// Lets the page at a door open without coverage. It keeps nothing by itself: door.js
// puts the page without its list, and what that fetches, into the cache of its door,
// and takes the cache away when the evening is over. The list itself is never here.
addEventListener('install', () => skipWaiting())
addEventListener('activate', event => event.waitUntil(clients.claim()))
addEventListener('fetch', event => {
  const { request } = event
  const door = new URL(registration.scope).pathname
  const { pathname } = new URL(request.url)
  const page = request.mode === 'navigate' && pathname === door
  if (request.method !== 'GET' || !page && !pathname.startsWith('/static/')) return
  // What is kept comes first: bad coverage takes longer to fail than people wait.
  event.respondWith(caches.open('door ' + door).then(cache => cache.match(page ? door : request)).then(kept => kept || fetch(request)))
})
