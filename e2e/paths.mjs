// The pages that everybody may read, as the demonstration has them, and the
// languages that they speak.
export const prefixes = { sv: '', en: '/en', ar: '/ar' }

// spoken is the address of a page in a language.
export const spoken = (path, language) => prefixes[language] + (prefixes[language] ? path.replace(/^\/(?=\?|$)/, '') : path)

export async function events (city, query) {
  const answer = await (await fetch(`${city.site}/api/v1/events?limit=500&${query}`)).json()
  return answer.events
}

export async function publicPaths (city) {
  const ahead = await events(city, `from=${new Date().toISOString()}`)
  const one = find => '/events/' + ahead.find(find).slug
  const mayDay = '/may-day/' + ahead.find(e => e.slug === 'forsta-maj').starts.slice(0, 4)
  return [
    mayDay, '/', '/?q=finns-inte', '/?kind=seminar&district=norr', '/?fact=free&fact=step-free&spoken=ar', '/?view=month', '/?view=month&month=2001-01', '/?q=' + 'x'.repeat(301),
    '/subscribe', '/subscribe?association=mollevangen&kind=seminar&lang=en',
    '/privacy', '/about', '/accessibility', '/demo/mail', '/no-such-page',
    '/associations/mollevangen', '/groups/klimat-och-el', '/districts/norr', '/events/forsta-maj',
    '/events/forsta-maj/share', '/events/forsta-maj/poster', '/associations/mollevangen/share', '/associations/mollevangen/poster', '/embed?association=mollevangen',
    one(e => e.rsvp.needed && e.status === 'published'), one(e => !e.rsvp.needed), one(e => e.status === 'cancelled'), one(e => e.status === 'postponed'),
    one(e => e.rsvp.ask.length > 0), one(e => e.rsvp.protected)
  ]
}
