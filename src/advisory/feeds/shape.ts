/** A JSON object; null for lists, null and everything else. */
export function objectOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : null
}

/** A list; empty for everything else. Services have sent `{}` and null for lists. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** A string; '' for everything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const cve = /^CVE-\d{4}-\d{4,19}$/

/** `CVE-2024-3094`. */
export function isCve(id: string): boolean {
  return cve.test(id)
}

/** The year in a CVE id. */
export function yearOf(id: string): number {
  return Number(id.slice(4, 8))
}
