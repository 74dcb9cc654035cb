/** Looking into JSON that may be anything: what is not there is undefined. */

/** An own field of an object, or of an object in it, and so on. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  let found: unknown = value
  for (const name of names) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined
    found = found[name]
  }
  return found
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The elements of an array; of anything else, none. */
export function elements(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
