// Fills in what is known of a place when it is chosen by its name: what is empty, and
// the district, which is as often that of the host. Without this file the server does
// it when the event is saved.
const place = document.querySelector('input[list="venues"]')

place?.addEventListener('change', () => {
  const option = [...place.list.options].find(o => o.value.toLowerCase() === place.value.trim().toLowerCase())
  if (!option) return
  for (const [name, value] of Object.entries(JSON.parse(option.dataset.fill))) {
    const field = place.form.elements.namedItem(name)
    if (!field || field.value && name !== 'district') continue
    field.value = value
    field.dispatchEvent(new Event('input', { bubbles: true }))
  }
})
