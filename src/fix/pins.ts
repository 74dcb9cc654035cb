import type {Change} from '../dockerfile/edit.js'
import type {Dockerfile} from '../dockerfile/instruction.js'
import {sourceWords} from '../dockerfile/instruction-words.js'
import type {Span} from '../dockerfile/location.js'
import type {InstalledPackage} from '../model/package.js'
import {shorten} from '../model/text.js'
import type {Layout} from './layout.js'
import {allows, type Pin, pinOf, raisedTo} from './pin.js'

/** A pin that is raised. */
export interface RaisedPin {
  readonly name: string
  /** Index of the instruction that says it. */
  readonly index: number
  readonly change: Extract<Change, {kind: 'replace'}>
  readonly from: string
  readonly to: string
  /** Does it rule out the version that the image has? */
  readonly forces: boolean
}

/** What the `apk add` lines of a Dockerfile hold at a version. */
export interface Pins {
  readonly raised: readonly RaisedPin[]
  /** By name: why a package that is held back stays so. */
  readonly held: ReadonlyMap<string, string>
  /** By name: packages whose pin their newest version meets. */
  readonly met: ReadonlyMap<string, Pick<RaisedPin, 'forces'>>
  /** Index of the first instruction that asks for another version than the image has. */
  readonly firstDiffering: number
}

/**
 * Raises what holds a package below its newest version. A version that comes from an ARG or ENV is raised there, where it
 * comes from exactly one.
 * @param wanted the packages to bring up to date, by name
 */
export function pinsOf(
  layout: Layout,
  packages: readonly InstalledPackage[],
  wanted: ReadonlyMap<string, string>,
): Pins {
  const installed = new Map(packages.map(({name, version}) => [name, version]))
  const raised: RaisedPin[] = []
  const held = new Map<string, string>()
  const met = new Map<string, Pick<RaisedPin, 'forces'>>()
  const variables = variablesOf(layout)
  let firstDiffering = Number.POSITIVE_INFINITY
  for (const [index, {commands}] of layout.steps.entries()) {
    for (const {word, span} of commands.flatMap(({asked}) => asked)) {
      const written = pinOf(word)
      if (written === null) continue
      const {name} = written
      const variable = written.version.includes('$') ? variableOf(variables, written.version) : null
      const pin = variable === null ? written : {...written, version: variable.value}
      const version = installed.get(name)
      const isKnown = !pin.version.includes('$')
      if (version !== undefined && isKnown && !allows(pin, version)) firstDiffering = Math.min(firstDiffering, index)
      const newest = wanted.get(name)
      if (newest === undefined) continue
      if (isKnown && allows(pin, newest)) {
        met.set(name, {forces: version !== undefined && !allows(pin, version)})
        continue
      }
      const raise = raiseOf(layout.dockerfile, pin, written, newest, span, variable)
      if (typeof raise === 'string') held.set(name, `${placeOf(layout, span)} ${raise}`)
      else
        raised.push({
          name,
          index: variable?.index ?? index,
          ...raise,
          forces: version !== undefined && !allows({...pin, version: raise.version}, version),
        })
    }
  }
  for (const one of contradicting(raised))
    held.set(one.name, `${placeOf(layout, one.change.span)} holds packages at one version that need several`)
  return {raised: raised.filter(({name}) => !held.has(name)), held, met, firstDiffering}
}

/** One variable for several packages, whose newest versions differ. */
function contradicting(raised: readonly RaisedPin[]): readonly RaisedPin[] {
  const key = ({change: {span}}: RaisedPin) => `${span.line}:${span.startColumn}`
  const texts = new Map<string, string>()
  const wrong = new Set<string>()
  for (const one of raised) {
    const other = texts.get(key(one))
    if (other !== undefined && other !== one.to) wrong.add(key(one))
    texts.set(key(one), one.to)
  }
  return raised.filter(one => wrong.has(key(one)))
}

type Raise = Pick<RaisedPin, 'change' | 'from' | 'to'> & {readonly version: string}

/** @returns why not, in words that follow the line that it stands on */
function raiseOf(
  dockerfile: Dockerfile,
  pin: Pin,
  written: Pin,
  newest: string,
  span: Span,
  variable: Variable | null,
): Raise | string {
  const shown = shorten(`${written.name}${written.operator}${written.version}`, 100)
  if (pin.version.includes('$')) return `asks for ${shown}, whose version does not come from exactly one ARG or ENV`
  if (pin.tag !== null)
    return `asks for ${shown} from the repository ${shorten(pin.tag, 50)}, of which nothing is known`
  const to = raisedTo(newest, pin)
  if (to === null) return `asks for ${shown}, which nothing that is newer meets`
  if (variable !== null)
    return {change: {kind: 'replace', span: variable.span, text: to}, from: pin.version, to, version: to}
  const text = dockerfile.lines[span.line - 1]?.slice(span.startColumn - 1, span.endColumn - 1) ?? ''
  const at = text.lastIndexOf(pin.version)
  if (at < 0) return `asks for ${shown} in a form that is not edited`
  const startColumn = span.startColumn + at
  const place = {line: span.line, startColumn, endColumn: startColumn + pin.version.length}
  const prefix = `${pin.name}${pin.operator}`
  return {change: {kind: 'replace', span: place, text: to}, from: prefix + pin.version, to: prefix + to, version: to}
}

function placeOf({dockerfile}: Layout, {line}: Span): string {
  return `${dockerfile.file}:${line}`
}

/** An ARG or ENV with a value that is written out. */
interface Variable {
  readonly value: string
  /** Of the value. */
  readonly span: Span
  /** Of the instruction that sets it, among those behind the image; null where it stands before them. */
  readonly index: number | null
}

/** By name: what gives a variable a value, each time that something does; null for a value of more than plain text. */
type Variables = ReadonlyMap<string, readonly (Variable | null)[]>

function variablesOf(layout: Layout): Variables {
  const found = new Map<string, (Variable | null)[]>()
  for (const instruction of layout.dockerfile.instructions) {
    if (instruction.keyword !== 'ARG' && instruction.keyword !== 'ENV') continue
    const index = layout.indexOf(instruction)
    for (const {text, span} of sourceWords(layout.dockerfile, instruction).slice(1)) {
      const [, name, quote = '', value] = /^(\w+)=(?:(["']?)([\w.+~-]+)\2$)?/.exec(text) ?? []
      if (name === undefined) continue
      const startColumn = span.startColumn + name.length + 1 + quote.length
      const place = {line: span.line, startColumn, endColumn: startColumn + (value?.length ?? 0)}
      const known = found.get(name) ?? []
      known.push(value === undefined ? null : {value, span: place, index})
      found.set(name, known)
    }
  }
  return found
}

/** The one place of the file that gives the variable a value; null where there is none, or several, or more than that. */
function variableOf(variables: Variables, text: string): Variable | null {
  const [, braced, bare] = /^\$(?:\{(\w+)\}|(\w+))$/.exec(text) ?? []
  const found = variables.get(braced ?? bare ?? '') ?? []
  return found.length === 1 ? (found[0] ?? null) : null
}
