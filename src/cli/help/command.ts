import type {Canvas} from '../../report/canvas.js'
import {commands, paragraph, type Row, rows, section} from './page.js'

/** An argument as oclif defines it. */
interface Argument {
  readonly description?: string | undefined
  readonly required?: boolean | undefined
  readonly multiple?: boolean | undefined
  readonly options?: readonly string[] | undefined
  readonly hidden?: boolean | undefined
}

/** A flag as oclif defines it. */
interface Flag {
  readonly type: 'boolean' | 'option'
  readonly char?: string | undefined
  readonly description?: string | undefined
  readonly allowNo?: boolean | undefined
  readonly multiple?: boolean | undefined
  readonly required?: boolean | undefined
  readonly hidden?: boolean | undefined
  readonly options?: readonly string[] | undefined
  readonly default?: unknown
  readonly helpValue?: string | readonly string[] | undefined
  readonly helpGroup?: string | undefined
}

/** What help needs of a command's class. */
export interface HelpedCommand {
  readonly summary?: string | undefined
  readonly description?: string | undefined
  readonly examples?: readonly unknown[] | undefined
  readonly args?: Readonly<Record<string, Argument>> | undefined
  readonly flags?: Readonly<Record<string, Flag>> | undefined
  readonly baseFlags?: Readonly<Record<string, Flag>> | undefined
}

/** Of flags without a group. */
const usual = 'Flags'
const last = 'GLOBAL'

/** All that can be said of one command: how it is called, examples, and its flags by what they are about. */
export function commandPage(name: string, command: HelpedCommand, canvas: Canvas): string[] {
  const args = Object.entries(command.args ?? {}).filter(([, {hidden}]) => hidden !== true)
  const flags = Object.entries({...command.flags, ...command.baseFlags}).filter(([, {hidden}]) => hidden !== true)
  return [
    ...paragraph(command.summary ?? '', canvas).map(canvas.style.bold),
    ...section('Usage', paragraph(usageOf(name, args, flags), canvas, '  '), canvas),
    ...section('Arguments', rows(args.map(argumentRow), canvas), canvas),
    ...(command.description === undefined ? [] : ['', ...paragraph(command.description, canvas)]),
    ...section('Examples', commands((command.examples ?? []).map(exampleText), canvas), canvas),
    ...flagSections(flags, canvas),
  ]
}

/** `piton ignore ID --reason TEXT [FLAGS]`. */
function usageOf(
  name: string,
  args: readonly (readonly [string, Argument])[],
  flags: readonly (readonly [string, Flag])[],
): string {
  const required = flags.filter(([, flag]) => flag.required === true)
  const words = [
    ...args.map(([key, argument]) => argumentName(key, argument)),
    ...required.map(([key, flag]) => `--${key} ${valueName(flag)}`.trim()),
    '[FLAGS]',
  ]
  return `piton ${name} ${words.join(' ')}`
}

function argumentName(name: string, {required, multiple}: Argument): string {
  const word = `${name.toUpperCase()}${multiple === true ? '...' : ''}`
  return required === true ? word : `[${word}]`
}

function argumentRow([name, argument]: readonly [string, Argument]): Row {
  return [argumentName(name, argument), argument.description ?? '']
}

function flagSections(flags: readonly (readonly [string, Flag])[], canvas: Canvas): string[] {
  const groups = new Map<string, (readonly [string, Flag])[]>([[usual, []]])
  for (const flag of flags) {
    const group = flag[1].helpGroup ?? usual
    groups.set(group, [...(groups.get(group) ?? []), flag])
  }
  const ordered = [...groups].sort(([a], [b]) => Number(a === last) - Number(b === last))
  return ordered.flatMap(([group, list]) => section(headingOf(group), rows(list.map(flagRow), canvas), canvas))
}

function headingOf(group: string): string {
  return group === usual ? usual : `${group.charAt(0)}${group.slice(1).toLowerCase()} flags`
}

function flagRow([name, flag]: readonly [string, Flag]): Row {
  const short = flag.char === undefined ? '' : `-${flag.char}, `
  const long = `--${flag.allowNo === true ? '[no-]' : ''}${name}`
  return [`${short}${long} ${valueName(flag)}`.trimEnd(), descriptionOf(flag)]
}

function valueName({type, helpValue, options}: Flag): string {
  if (type === 'boolean') return ''
  return typeof helpValue === 'string' ? helpValue : options === undefined ? 'VALUE' : 'NAME'
}

/** What it is for, what it takes, and what it is without. */
function descriptionOf({type, description = '', options, default: usually, required}: Flag): string {
  const notes = [
    ...(options === undefined ? [] : [options.join(', ')]),
    ...(type === 'option' && typeof usually === 'string' ? [`default: ${usually}`] : []),
    ...(required === true ? ['required'] : []),
  ]
  return notes.length === 0 ? description : `${description} (${notes.join('; ')})`
}

/** oclif puts the program's name in when it prints; here it is one name. */
function exampleText(example: unknown): string {
  return String(example).replaceAll('<%= config.bin %>', 'piton')
}
