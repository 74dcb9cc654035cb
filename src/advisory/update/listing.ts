/**
 * The names that a page lists, as web servers write them for a folder: links to what lies directly in it.
 * @param address of the page
 */
export function namesIn(page: string, address: string): readonly string[] {
  const folder = address.replace(/[^/]*$/, '')
  const names = new Set<string>()
  for (const [, href = ''] of page.matchAll(/\shref\s*=\s*["']?([^"'\s>]{1,500})/gi)) {
    if (!URL.canParse(href, address)) continue
    const target = new URL(href, address)
    const inside = target.origin + target.pathname
    if (!inside.startsWith(folder) || target.search !== '') continue
    const name = inside.slice(folder.length).replace(/\/$/, '')
    // Anything that needs to be decoded is no name that piton looks for.
    if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) names.add(name)
  }
  return [...names].sort()
}
