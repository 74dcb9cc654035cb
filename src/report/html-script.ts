/**
 * The page's own script: search, package and layer, and what of a group is left. It reads text and never writes any from
 * the report. What it hides, it hides with an attribute: the policy of the page allows no style of an element.
 */
export const script = `'use strict'
{
  const find = id => document.getElementById(id)
  const all = selector => [...document.querySelectorAll(selector)]
  const [search, pack, layer, origin] = ['search', 'package', 'layer', 'origin'].map(find)
  const boxes = all('.choice input')
  const problems = all('.problem').map(row => ({
    row,
    text: (row.parentElement.firstElementChild.textContent + ' ' + row.textContent).toLowerCase(),
    packages: row.dataset.packages.split(' '),
    layers: row.dataset.layers.split(' '),
    bases: row.dataset.bases.split(' '),
  }))
  const lines = all('#packages tbody tr').map(row => ({row, text: row.textContent.toLowerCase()}))

  const update = () => {
    const words = search.value.toLowerCase().split(' ').filter(word => word !== '')
    const has = text => words.every(word => text.includes(word))
    const off = new Set(boxes.filter(box => !box.checked).map(box => box.id))
    let shown = 0
    for (const {row, text, packages, layers, bases} of problems) {
      row.hidden =
        off.has('severity-' + row.dataset.severity) ||
        off.has('family-' + row.dataset.family) ||
        off.has('loaded-' + row.dataset.loaded) ||
        (pack.value !== '' && !packages.includes(pack.value)) ||
        (layer.value !== '' && !layers.includes(layer.value)) ||
        (origin && origin.value !== '' && !bases.includes(origin.value)) ||
        !has(text)
      if (!row.hidden) shown++
    }
    for (const {row, text} of lines) row.hidden = !has(text)
    for (const group of all('.group, .family')) group.hidden = !group.querySelector('.problem:not([hidden])')
    find('nothing').hidden = shown > 0
    find('shown').value = shown + ' of ' + problems.length + ' shown'
  }

  if (search) {
    const lists = [pack, layer, origin].filter(field => field !== null)
    for (const field of [search, ...lists, ...boxes]) field.addEventListener('input', update)
    find('reset').addEventListener('click', () => {
      for (const field of [search, ...lists]) field.value = ''
      for (const box of boxes) box.checked = true
      update()
    })
    document.addEventListener('keydown', event => {
      if (event.key !== '/' || event.target.matches('input, select')) return
      event.preventDefault()
      search.focus()
    })
    for (const part of all('.scripted')) part.hidden = false
    update()
  }
}
`
