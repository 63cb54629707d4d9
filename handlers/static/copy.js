// Copies what stands in a field. Without this file, or where a browser lets no page
// copy (over plain http), the button is not there and the field is selected by hand.
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
