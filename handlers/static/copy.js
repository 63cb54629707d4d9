// Copies what stands in a field, or gives it to whatever the telephone shares with.
// Without this file, or where a browser lets no page do that (over plain http), the
// buttons are not there and the field is selected by hand.
for (const button of navigator.clipboard ? document.querySelectorAll('button[data-copies]') : []) {
  const field = document.getElementById(button.dataset.copies)
  const said = button.parentElement.querySelector('[role=status]')
  button.hidden = false
  button.addEventListener('click', async () => {
    field.select()
    await navigator.clipboard.writeText(field.value)
    said.textContent = button.dataset.done
  })
}
for (const button of navigator.share ? document.querySelectorAll('button[data-shares]') : []) {
  button.hidden = false
  button.addEventListener('click', () => {
    const url = document.getElementById(button.dataset.shares).value
    // Whoever changes her mind in the telephone's own list is no fault.
    navigator.share({ title: button.dataset.title, url }).catch(() => {})
  })
}
