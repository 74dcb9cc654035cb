import {ruleURL} from '../model/project.js'

/** What may stand in a URL (RFC 3986), and nothing that a terminal would obey. */
const plainURL = /^https:\/\/[\w.~:/?#[\]@!$&'()*+,;=%-]{1,2000}$/

/**
 * A text that a terminal opens as a page: OSC 8, https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda.
 * Blanks around the text are no part of it. What is no plain URL makes no link.
 */
export function hyperlink(text: string, url: string | null): string {
  const words = text.trim()
  if (url === null || words === '' || !plainURL.test(url)) return text
  const start = text.indexOf(words)
  const link = `\u001b]8;;${url}\u001b\\${words}\u001b]8;;\u001b\\`
  return text.slice(0, start) + link + text.slice(start + words.length)
}

/** The page of a rule; null for what is none of ours. */
export function rulePage(id: string): string | null {
  return /^PT\d{4}$/.test(id) ? ruleURL(id) : null
}
