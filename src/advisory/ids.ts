import {shorten} from '../model/text.js'

/** One vulnerability that a string of the secdb names. */
export interface AdvisoryID {
  readonly id: string
  readonly aliases: readonly string[]
}

/** What one string of a `secfixes` list says. */
export interface ParsedIDs {
  readonly ids: readonly AdvisoryID[]
  /** Does a comment say that the package is not affected after all? */
  readonly rejected: boolean
}

const cve = /CVE-\d{4}-\d{4,}/

/** The trackers that the secdb cites beside, or instead of, a CVE. Each form is anchored: the rest of a token is kept out. */
const otherForms: readonly RegExp[] = [
  /^GHSA(?:-[0-9a-z]{4}){3}$/i,
  /^XSA-\d+$/,
  /^RUSTSEC-\d{4}-\d{4}$/,
  /^ZDI-CAN-\d+$/,
  /^ZDI-\d+-\d+$/,
  /^TALOS-\d{4}-\d+$/,
  /^GNUTLS-SA-\d{4}-\d{2}-\d{2}$/,
  /^TS-\d{4}-\d+$/,
  /^ALPINE-\d+$/,
  /^YSA-\d{4}-\d+$/,
  /^GHSL-\d{4}-\d+$/,
  /^wnpa-sec-\d{4}-\d+$/,
  /^DW\d{6}-\d+$/,
  /^VSV\d+$/,
  /^ZBX-\d+$/,
]

/** Could it be the name of a vulnerability, in upper or lower case? */
export function isAdvisoryID(text: string): boolean {
  const upper = text.toUpperCase()
  return /^CVE-\d{4}-\d{4,}$/.test(upper) || otherForms.some(form => form.test(text) || form.test(upper))
}

const comment = /\(([^)]*)\)?/g
/** A comment that takes the entry back: `(not actually applicable)`, `(Not affected, requires --with-systemd)`. */
const negation = /^\s*not\s+(?:actually\s+)?(?:affected|applicable)\b/i

/**
 * Reads one id string of the secdb. They are written by hand: several CVEs, aliases before or after, comments, typos.
 * Every valid CVE is an id of its own, and other known ids are its aliases; without a CVE the first other known id
 * stands for the string, and where nothing is known, the string itself. Only a blank string has no ids.
 */
export function parseIDs(text: string): ParsedIDs {
  const rejected = [...text.matchAll(comment)].some(([, words = '']) => negation.test(words))
  const plain = text.replace(comment, ' ').trim()
  return {ids: idsOf(plain === '' ? text.trim() : plain), rejected}
}

function idsOf(text: string): AdvisoryID[] {
  const tokens = text.split(/\s+/).filter(token => token !== '')
  const cves = new Set<string>()
  const others = new Set<string>()
  for (const token of tokens) {
    const found = cve.exec(token.replaceAll('CVE_', 'CVE-'))?.[0]
    if (found !== undefined) cves.add(found)
    else if (otherForms.some(form => form.test(token))) others.add(token)
  }
  if (cves.size > 0) return [...cves].map(id => ({id, aliases: [...others]}))
  const [first, ...rest] = others
  if (first !== undefined) return [{id: first, aliases: rest}]
  // A typo is not repaired, only kept on one line and at a bearable length.
  return tokens.length === 0 ? [] : [{id: shorten(tokens.join(' ').replace(/\p{Cc}/gu, '\ufffd'), 100), aliases: []}]
}
