import type {YAMLMap, YAMLSeq} from 'yaml'
import {exportsOf} from '../../model/commonjs.js'

/** What `piton ignore` writes; '' and empty lists are left out. */
export interface NewIgnore {
  readonly rule: string
  readonly package: readonly string[]
  readonly path: readonly string[]
  readonly symbol: readonly string[]
  readonly library: readonly string[]
  readonly image: readonly string[]
  readonly reason: string
  readonly expires: string
  readonly justification: string
}

/**
 * The text of a configuration with one more ignore; nothing else of it changes, no comment and no blank.
 * @param text a configuration that is in order
 * @returns null where its form leaves no place for it: an alias, or a map in braces
 */
export async function addIgnore(text: string, entry: NewIgnore): Promise<string | null> {
  const yaml = exportsOf(await import('yaml'))
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const write = (value: string | readonly string[]): string => {
    if (typeof value !== 'string') {
      const [only] = value
      return value.length === 1 && only !== undefined
        ? write(only)
        : `[${value.map(one => JSON.stringify(one)).join(', ')}]`
    }
    return yaml.stringify(value.replace(/\s*[\r\n]+\s*/g, ' '), {lineWidth: 0}).trimEnd()
  }
  const fields = Object.entries(entry).filter(([, value]) => value.length > 0)
  const block = (column: number) => {
    const [dash, blanks] = [`${' '.repeat(column)}- `, ' '.repeat(column + 2)]
    return fields.map(([key, value], n) => `${n === 0 ? dash : blanks}${key}: ${write(value)}${newline}`).join('')
  }
  const document = yaml.parseDocument(text, {uniqueKeys: false, prettyErrors: false, logLevel: 'error'})
  const root = document.contents
  const own = `${ended(text, newline)}${text.trim() === '' ? '' : newline}ignore:${newline}${block(2)}`
  if (root === null || (yaml.isScalar(root) && root.value === null)) return own
  if (!yaml.isMap(root) || (root as YAMLMap).flow === true) return null
  const pair = root.items.find(({key}) => yaml.isScalar(key) && key.value === 'ignore')
  if (pair === undefined) return own
  const list = pair.value
  if (list === null || (yaml.isScalar(list) && list.value === null)) {
    const key = pair.key as {readonly range?: readonly number[]}
    return insertAfterLine(text, (key.range?.[1] ?? 1) - 1, block(2), newline)
  }
  if (!yaml.isSeq(list) || list.range == null) return null
  const [start, end] = list.range
  if (list.flow === true) {
    const flow = `{${fields.map(([key, value]) => `${key}: ${JSON.stringify(value)}`).join(', ')}}`
    const before = text.slice(start, end - 1).trimEnd()
    const comma = before === '[' ? '' : before.endsWith(',') ? ' ' : ', '
    return `${text.slice(0, start)}${before}${comma}${flow}]${text.slice(end)}`
  }
  const column = start - (text.lastIndexOf('\n', start - 1) + 1)
  return insertAfterLine(text, lastLetter(text, list, end), block(column), newline)
}

/** Where the last item ends, without the blank lines behind it. */
function lastLetter(text: string, {items}: YAMLSeq, end: number): number {
  const last = items.at(-1) as {readonly range?: readonly number[] | null} | undefined
  const offset = last?.range?.[1] ?? end
  return text.slice(0, offset).trimEnd().length - 1
}

/** The lines go below the line in which this letter stands, and below a comment at its end. */
function insertAfterLine(text: string, letter: number, lines: string, newline: string): string {
  const end = text.indexOf('\n', letter)
  if (end < 0) return ended(text, newline) + lines
  return text.slice(0, end + 1) + lines + text.slice(end + 1)
}

function ended(text: string, newline: string): string {
  return text === '' || text.endsWith('\n') ? text : text + newline
}
