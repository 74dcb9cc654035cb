import type {Severity} from '../model/severity.js'
import type {Verdict} from '../model/verdict.js'
import {hyperlink} from './hyperlink.js'

/** How a table marks what matters; without colour every one of these leaves its text as it is. */
export interface Style {
  readonly bold: (text: string) => string
  readonly dim: (text: string) => string
  readonly alarm: (text: string) => string
  readonly command: (text: string) => string
  readonly severity: (severity: Severity, text: string) => string
  readonly verdict: (verdict: Verdict, text: string) => string
  /** The text, to be opened as this page where the terminal can. */
  readonly link: (text: string, url: string | null) => string
}

/** SGR parameters, ECMA-48 8.3.117. The sixteen basic colours follow the reader's own theme. */
const codes = {
  bold: '1',
  dim: '2',
  alarm: '1;31',
  command: '36',
  critical: '1;31',
  high: '31',
  medium: '33',
  low: '34',
  note: '2',
  yes: '32',
  no: '31',
  unknown: '33',
  'not-applicable': '2',
} as const

export function styleOf(color: boolean, links = false): Style {
  const paint = (code: string) => (text: string) => (color && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    bold: paint(codes.bold),
    dim: paint(codes.dim),
    alarm: paint(codes.alarm),
    command: paint(codes.command),
    severity: (severity, text) => paint(codes[severity])(text),
    verdict: (verdict, text) => paint(codes[verdict])(text),
    link: (text, url) => (links ? hyperlink(text, url) : text),
  }
}

/** For a column that holds the severity of its row. */
export function paintSeverity(text: string, {severity}: {readonly severity: Severity}, style: Style): string {
  return style.severity(severity, text)
}
