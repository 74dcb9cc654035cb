import {distance} from 'fastest-levenshtein'

/** Longer words were not typed by a person, and take long to compare. */
const longest = 100

/** The word that was probably meant; null where none comes near. Case does not count. */
export function closest(word: string, words: Iterable<string>): string | null {
  if (word.length > longest) return null
  const wanted = word.toLowerCase()
  let best: string | null = null
  let least = Math.ceil(wanted.length / 3) + 1
  for (const candidate of words) {
    const known = candidate.toLowerCase()
    const steps = isNear(wanted, known) ? 1 : distance(wanted, known)
    if (steps >= least) continue
    least = steps
    best = candidate
  }
  return best
}

/** `sever` for `severity`, whose rest is no mistake; `kve` for `kev`, where two letters changed their places. */
function isNear(wanted: string, known: string): boolean {
  if (wanted.length < 3) return false
  return known.startsWith(wanted) || (wanted.length === known.length && sorted(wanted) === sorted(known))
}

function sorted(word: string): string {
  return [...word].sort().join('')
}

/** `Did you mean high?`, else what there is: `There are: low, medium, high.` */
export function suggestion(word: string, words: readonly string[]): string {
  const meant = closest(word, words)
  return meant === null ? `There are: ${words.join(', ')}.` : `Did you mean ${meant}?`
}
