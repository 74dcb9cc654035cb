import {distance} from 'fastest-levenshtein'

const most = 3

/**
 * What somebody may have meant by a name that does not exist, the nearest first: as few letters away as a slip of the
 * hand makes, or what begins like it. Letters count the same in upper and lower case.
 */
export function suggest(name: string, candidates: Iterable<string>): readonly string[] {
  const wanted = name.trim().toLowerCase()
  if (wanted === '' || wanted.length > 100) return []
  // In a number one digit is all the difference between two names that both exist.
  const farthest = /\d{3}/.test(wanted) ? 1 : 2
  const near: {readonly candidate: string; readonly away: number}[] = []
  for (const candidate of new Set(candidates)) {
    const known = candidate.toLowerCase()
    if (wanted.length >= 4 && known.startsWith(wanted)) near.push({candidate, away: 0})
    else if (Math.abs(known.length - wanted.length) <= farthest && distance(wanted, known) <= farthest) {
      near.push({candidate, away: distance(wanted, known)})
    }
  }
  near.sort((a, b) => a.away - b.away || (a.candidate < b.candidate ? -1 : 1))
  return near.slice(0, most).map(({candidate}) => candidate)
}

/** A CVE as people write it, `cve 2023 6129`, `2023-06129`, in its own form; null for anything else. */
export function cveForm(name: string): string | null {
  const [, year, number = ''] = /^(?:cve)?[\s_:-]*(\d{4})[\s_:-]+0*(\d{1,12})$/i.exec(name.trim()) ?? []
  return year === undefined ? null : `CVE-${year}-${number.padStart(4, '0')}`
}

/** `Did you mean CVE-2023-6129 or CVE-2023-6128?`; null where there is nothing to suggest. */
export function question(suggestions: readonly string[]): string | null {
  const last = suggestions.at(-1)
  if (last === undefined) return null
  const first = suggestions.slice(0, -1)
  return `Did you mean ${first.length === 0 ? last : `${first.join(', ')} or ${last}`}?`
}
