import {limits} from '../model/limits.js'
import type {Finding} from '../model/report.js'
import type {Ignore} from './ignore.js'
import {policyLimits} from './limits.js'
import {idsOf} from './severities.js'

/**
 * Finds the ignores for a finding without asking each: a list may have 100,000 entries, and an image as many findings.
 * Each entry stands under every combination of what it names exactly: rule, path, package, symbol.
 */
export class IgnoreIndex {
  readonly #byKey = new Map<string, Ignore[]>()
  readonly #twins = new Map<Ignore, Ignore>()
  readonly #order = new Map<Ignore, number>()
  /** Bit 0 to 3: some entry names rules, paths, packages, names. Only such combinations are looked up. */
  readonly #used = new Set<number>()

  /** @param entries in the order in which they count */
  constructor(entries: readonly Ignore[]) {
    const seen = new Map<string, Ignore>()
    for (const [position, entry] of entries.entries()) {
      this.#order.set(entry, position)
      const identity = identityOf(entry)
      const first = seen.get(identity)
      if (first === undefined) seen.set(identity, entry)
      else this.#twins.set(entry, first)
      if (first === undefined) this.#add(entry)
    }
  }

  /** An earlier entry that says the same. */
  twinOf(entry: Ignore): Ignore | undefined {
    return this.#twins.get(entry)
  }

  /** The entries that name the finding, in their order. */
  find(finding: Finding): readonly Ignore[] {
    const parts = [
      idsIn(finding),
      [finding.path],
      packagesIn(finding),
      finding.names.slice(0, 1), // all of them have to be in the entry, so the first is
    ] as const
    const found = new Set<Ignore>()
    for (const used of this.#used) {
      for (const key of keysOf(parts.map((values, bit) => (used & (1 << bit) ? values : [''])))) {
        for (const entry of this.#byKey.get(key) ?? []) if (isNamedBy(finding, entry, parts)) found.add(entry)
      }
    }
    return [...found].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0))
  }

  #add(entry: Ignore): void {
    const paths = entry.paths.map(({literal}) => literal)
    const exact = [
      entry.rules.map(id => id.toLowerCase()),
      paths.includes(null) ? [] : (paths as readonly string[]),
      entry.packages,
      entry.names,
    ]
    // What is left out of the key is asked of each candidate.
    while (exact.reduce((product, values) => product * Math.max(1, values.length), 1) > policyLimits.ignoreSelectors) {
      const longest = exact.reduce((most, values, bit) => (values.length > (exact[most]?.length ?? 0) ? bit : most), 0)
      exact[longest] = []
    }
    this.#used.add(exact.reduce((bits, values, bit) => bits | (values.length > 0 ? 1 << bit : 0), 0))
    for (const key of keysOf(exact.map(values => (values.length > 0 ? values : [''])))) {
      const known = this.#byKey.get(key)
      if (known === undefined) this.#byKey.set(key, [entry])
      else known.push(entry)
    }
  }
}

function isNamedBy(
  finding: Finding,
  {rules, paths, packages, names}: Ignore,
  [ids, , packageNames]: readonly (readonly string[])[],
): boolean {
  return (
    (rules.length === 0 || rules.some(rule => ids?.includes(rule.toLowerCase()))) &&
    (packages.length === 0 || packages.some(name => packageNames?.includes(name))) &&
    (names.length === 0 || namesAll(names, finding.names)) &&
    (paths.length === 0 || paths.some(path => path.matches(finding.path)))
  )
}

/** Of a list that was cut, nobody knows what else is in it. */
function namesAll(names: readonly string[], found: readonly string[]): boolean {
  return found.length > 0 && found.length < limits.namesPerFinding && found.every(name => names.includes(name))
}

/** Also `CVE-2024-6119-openssl`, by which code scanning knows it. */
function idsIn(finding: Finding): readonly string[] {
  const ids = idsOf(finding)
  return finding.origin === null || finding.family !== 'vulnerability'
    ? ids
    : [...ids, `${finding.rule}-${finding.origin}`.toLowerCase()]
}

function packagesIn({origin, packages}: Finding): readonly string[] {
  return [...new Set([...packages.map(({name}) => name), ...(origin === null ? [] : [origin])])]
}

function* keysOf(parts: readonly (readonly string[])[]): Generator<string> {
  const [values = [''], ...rest] = parts
  for (const value of values) {
    if (rest.length === 0) yield value
    else for (const end of keysOf(rest)) yield `${value}\0${end}`
  }
}

function identityOf({rules, packages, paths, names, images}: Ignore): string {
  const sorted = [rules.map(id => id.toLowerCase()), packages, paths.map(({pattern}) => pattern), names, images]
  return JSON.stringify(sorted.map(values => [...values].sort()))
}
