import {type CreatedBy, parseCreatedBy} from './created-by.js'
import {DockerfileError} from './error.js'
import {heredocOf} from './heredoc.js'
import type {Dockerfile, Instruction} from './instruction.js'
import {limits} from './limits.js'
import {Scope, type Values} from './scope.js'
import type {Chain} from './stages.js'
import {splitWords} from './words.js'

/** An instruction that makes a layer. */
export interface Step {
  readonly instruction: Instruction
  /** What history would say of it: with variables replaced, and as written (kaniko) where that differs. */
  readonly made: readonly CreatedBy[]
}

/**
 * The instructions of a chain that make layers, in order, each with the line of history that builders write for it.
 * @param history variables that the image names, see {@link valuesOf}
 * @throws {DockerfileError} DOCKERFILE_LIMIT
 */
export function stepsOf(dockerfile: Dockerfile, chain: Chain, history: Values): Step[] {
  const scope = new Scope(dockerfile, chain.globals, history)
  const steps: Step[] = []
  const state: State = {scope, dockerfile, shell: '/bin/sh -c', folder: chain.image === 'scratch' ? '/' : null}
  for (const instruction of chain.instructions) {
    const lines = linesOf(instruction, state)
    if (lines.length > 0) steps.push({instruction, made: [...new Set(lines)].map(parseCreatedBy)})
    if (steps.length <= limits.steps) continue
    throw new DockerfileError('DOCKERFILE_LIMIT', `${dockerfile.file} makes more than ${limits.steps} layers`)
  }
  return steps
}

/** What earlier instructions mean for later ones. */
interface State {
  readonly dockerfile: Dockerfile
  readonly scope: Scope
  /** The words before the command of a RUN. */
  shell: string
  /** WORKDIR; null while it is that of the base image. */
  folder: string | null
}

/** The `created_by` of one instruction; none where it makes no layer. */
function linesOf(instruction: Instruction, state: State): string[] {
  switch (instruction.keyword) {
    case 'RUN':
      return [runLine(instruction, state.shell)]
    case 'COPY':
    case 'ADD':
      return copyLines(instruction, state)
    case 'WORKDIR':
      return workdirLines(instruction, state)
    case 'SHELL':
      state.shell = instruction.exec?.join(' ') ?? state.shell
      return []
    default:
      state.scope.declare(instruction)
      return []
  }
}

/** A heredoc alone is the script; with an interpreter of its own history keeps no more than its name. */
function runLine({text, exec, heredocs}: Instruction, shell: string): string {
  if (exec !== null) return `RUN ${exec.join(' ')}`
  const [first] = heredocs
  if (first === undefined) return `RUN ${shell} ${text}`
  if (heredocOf(text) === null)
    return `RUN ${shell} ${[text, ...heredocs.map(({name, body}) => body + name)].join('\n')}`
  return `RUN ${shell} ${first.body.startsWith('#!') ? `/dev/pipes/${first.name}` : first.body}`
}

function copyLines({keyword, text, exec}: Instruction, {scope, dockerfile, folder}: State): string[] {
  const words = exec ?? splitWords(text, dockerfile.escape)
  const plain = words.filter(word => heredocOf(word) === null).map(word => scope.expand(word).text)
  const inline = words.flatMap(word => heredocOf(word)?.name ?? []).map(name => `<<${name}`)
  const destination = plain.pop() ?? ''
  const sources = [...plain, ...inline].join(' ')
  return [
    `${keyword} ${sources} ${destination}`,
    `${keyword} ${sources} ${inFolder(folder, destination)}`,
    `${keyword} ${words.join(' ')}`,
  ]
}

/** Builders make the folder, unless it is the root. */
function workdirLines({text}: Instruction, state: State): string[] {
  const path = state.scope.expand(text).text
  state.folder = path.startsWith('/')
    ? inFolder('/', path)
    : state.folder === null
      ? null
      : inFolder(state.folder, path)
  if (state.folder === '/') return []
  return [`WORKDIR ${state.folder ?? path}`, `WORKDIR ${text}`]
}

/** `path` as seen from `folder`, cleaned; left as it is where the folder is not known. */
function inFolder(folder: string | null, path: string): string {
  if (folder === null && !path.startsWith('/')) return path
  const parts: string[] = []
  for (const part of `${path.startsWith('/') ? '' : folder}/${path}`.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}
