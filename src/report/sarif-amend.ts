import {shorten, visible} from '../model/text.js'

/** Changes to a SARIF file on its way to GitHub; the file itself stays as it is. */
export interface SarifAmendments {
  /** In place of what the runs say themselves. */
  readonly category?: string | undefined
  /** Take the scan for a whole one, whatever the file says: GitHub takes no results of one that failed. */
  readonly asComplete?: boolean
}

/**
 * @param bytes a SARIF file that was checked, and read as JSON
 * @returns the file with the changes; the same bytes where there are none
 */
export function amendSarif(bytes: Uint8Array, {category, asComplete = false}: SarifAmendments): Uint8Array {
  if (category === undefined && !asComplete) return bytes
  const log: unknown = JSON.parse(new TextDecoder().decode(bytes))
  for (const run of listed(log, 'runs')) {
    if (category !== undefined)
      Object.assign(run, {automationDetails: {...objectIn(run, 'automationDetails'), id: `${category}/`}})
    for (const invocation of listed(run, 'invocations'))
      if (asComplete) Object.assign(invocation, {executionSuccessful: true})
  }
  return Buffer.from(JSON.stringify(log))
}

/** What may be a category: one line, and no slash at its end, which piton adds. Null: it may not. */
export function parseCategory(text: string): string | null {
  const category = text.replace(/\/+$/, '')
  return category !== '' && category === visible(shorten(category, 200)) ? category : null
}

function listed(value: unknown, name: string): readonly object[] {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return Array.isArray(found) ? found.filter(one => typeof one === 'object' && one !== null) : []
}

function objectIn(value: object, name: string): object {
  const found: unknown = Reflect.get(value, name)
  return typeof found === 'object' && found !== null ? found : {}
}
