import {type Problems, quoted, quotedOrNone} from './problems.js'
import {field, isObject} from './read.js'

const numbers = ['startLine', 'startColumn', 'endLine', 'endColumn'] as const

/** Checks the lines that an alert would stand on. */
export function checkRegion(region: unknown, path: string, problems: Problems): void {
  if (!isObject(region)) {
    problems.error('SARIF_NO_REGION', path, `${quotedOrNone(region)}; GitHub needs the line that a result is about`)
    return
  }
  const given = numbers.filter(name => field(region, name) !== undefined)
  for (const name of given) {
    const value = region[name]
    if (!Number.isSafeInteger(value) || (value as number) < 1) {
      problems.error('SARIF_BAD_REGION', `${path}.${name}`, `is ${quoted(value)}; lines and columns count from 1`)
      return
    }
  }
  if (!given.includes('startLine')) {
    problems.error(
      'SARIF_NO_REGION',
      `${path}.startLine`,
      'there is none; GitHub needs the line that a result is about',
    )
    return
  }
  const missing = numbers.filter(name => !given.includes(name))
  if (missing.length > 0) {
    problems.warning('SARIF_PARTIAL_REGION', path, `has no ${missing.join(', ')}, which GitHub lists as required`)
  }
  checkOrder(region, path, problems)
}

function checkOrder(region: unknown, path: string, problems: Problems): void {
  const [startLine, startColumn, endLine, endColumn] = numbers.map(name => field(region, name) as number | undefined)
  if (startLine === undefined) return
  const last = endLine ?? startLine
  const endsBefore = last < startLine || (last === startLine && (endColumn ?? Infinity) < (startColumn ?? 1))
  if (endsBefore) problems.error('SARIF_BAD_REGION', path, 'ends before it starts')
}
