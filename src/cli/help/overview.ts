import type {Canvas} from '../../report/canvas.js'
import {version} from '../../version.js'
import {typed} from '../command-names.js'
import type {HelpedCommand} from './command.js'
import {commands, paragraph, type Row, rows, section} from './page.js'
import {topicNames} from './topics.js'

/** Commands by the words that call them. */
export type HelpedCommands = Readonly<Record<string, HelpedCommand & {readonly hidden?: boolean}>>

/** What commands that share their first word are about. */
const groupWords: Readonly<Record<string, string>> = {
  cache: 'What is kept between scans',
  config: 'The configuration, .piton.yaml',
  db: 'The advisory database',
}

const examples = [
  'piton scan alpine:3.20',
  'docker save app | piton scan -',
  'piton scan --fail-on high -o table -o sarif=piton.sarif app.tar',
  'piton explain CVE-2024-6119 --image app.tar',
  'piton audit ./node_modules',
]

/** `piton --help`: one screen. */
export function overviewPage(all: HelpedCommands, canvas: Canvas): string[] {
  const names = Object.keys(all).filter(id => all[id]?.hidden !== true)
  const single = names.filter(id => !id.includes(':')).map((id): Row => [id, all[id]?.summary ?? ''])
  const groups = groupsOf(names).map((group): Row => [group, groupLine(group, names)])
  return [
    `${canvas.style.bold(`piton ${version}`)}: security and compatibility scanner for Alpine Linux and musl`,
    ...section('Commands', rows([...single, ...groups], canvas), canvas),
    ...section('Examples', commands(examples, canvas), canvas),
    '',
    ...paragraph(
      `piton help COMMAND says all of a command; piton help TOPIC tells about ${topicNames.join(', ')}.`,
      canvas,
    ),
  ]
}

/** `piton db`: the commands that begin with this word. */
export function groupPage(group: string, all: HelpedCommands, canvas: Canvas): string[] {
  const inside = Object.keys(all).filter(id => id.startsWith(`${group}:`) && all[id]?.hidden !== true)
  const list = inside.map((id): Row => [`piton ${typed(id)}`, all[id]?.summary ?? ''])
  return [
    canvas.style.bold(`${groupWords[group] ?? group}.`),
    ...section('Commands', rows(list, canvas), canvas),
    '',
    ...paragraph(`piton help ${typed(inside[0] ?? group)} says all of that command.`, canvas),
  ]
}

/** First words that several commands share. */
export function groupsOf(ids: readonly string[]): string[] {
  const firsts = ids.filter(id => id.includes(':')).map(id => id.split(':')[0] ?? '')
  return [...new Set(firsts)].sort()
}

function groupLine(group: string, ids: readonly string[]): string {
  const inside = ids.filter(id => id.startsWith(`${group}:`)).map(id => id.slice(group.length + 1))
  return `${groupWords[group] ?? group}: ${inside.join(', ')}`
}
