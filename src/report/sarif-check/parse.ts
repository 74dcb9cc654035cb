import {jsonShape} from '../../model/json-shape.js'
import {limits as general} from '../../model/limits.js'
import {grouped} from '../../model/text.js'
import {limits} from './limits.js'
import type {Problems} from './problems.js'

/**
 * Reads JSON that may be anything, and costs no more than {@link limits} allow.
 * @returns undefined where a problem says why there is nothing to look at
 */
export function parseSarif(bytes: Uint8Array, problems: Problems): unknown {
  if (bytes.length > limits.fileBytes) {
    problems.error(
      'SARIF_TOO_LARGE',
      '',
      `has ${grouped(bytes.length)} bytes; ${grouped(limits.fileBytes)} is the limit`,
    )
    return undefined
  }
  const {depth, values} = jsonShape(bytes)
  if (depth > general.jsonDepth) {
    problems.error('SARIF_TOO_DEEP', '', `is nested more than ${grouped(general.jsonDepth)} levels deep`)
    return undefined
  }
  if (values > limits.values) {
    problems.error('SARIF_TOO_LARGE', '', `holds more than ${grouped(limits.values)} values`)
    return undefined
  }
  const text = decode(bytes)
  if (text === null) {
    const utf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)
    const why = utf16 ? ': it is UTF-16, as > of PowerShell writes it; have the tool write the file itself' : ''
    problems.error('SARIF_NOT_UTF8', '', `is not UTF-8${why}`)
    return undefined
  }
  try {
    return JSON.parse(text)
  } catch {
    problems.error('SARIF_NOT_JSON', '', text.trim() === '' ? 'is empty' : 'is not JSON')
    return undefined
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
  } catch {
    return null
  }
}
