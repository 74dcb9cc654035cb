/** One way to authenticate that a server offers. RFC 9110, 11.6.1 */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string
  /** By lower-case name. */
  readonly parameters: ReadonlyMap<string, string>
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y
const equals = /[ \t]*=[ \t]*/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
const space = /[ \t,]+/y

/** Reads the value of `WWW-Authenticate`, which may hold several challenges; what cannot be read ends it. */
export function parseChallenges(value: string): readonly Challenge[] {
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(value)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  const challenges: {scheme: string; parameters: Map<string, string>}[] = []
  for (;;) {
    take(space)
    const word = take(token)?.[0]
    if (word === undefined) return challenges
    if (take(equals) === null) {
      challenges.push({scheme: word.toLowerCase(), parameters: new Map()})
      continue
    }
    const text = take(quoted)?.[1]?.replace(/\\(.)/g, '$1') ?? take(token)?.[0]
    const {parameters} = challenges.at(-1) ?? {}
    if (text === undefined || parameters === undefined) return challenges
    if (!parameters.has(word.toLowerCase())) parameters.set(word.toLowerCase(), text)
  }
}
