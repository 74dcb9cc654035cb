import {collapseBlanks} from './words.js'

/** One line of history, in the form that is the same for every builder. */
export interface CreatedBy {
  /** `RUN`, `COPY`, `ENV`, … */
  readonly kind: string
  /** The rest, without flags, shell and build arguments, blanks collapsed. */
  readonly text: string
  /** Of COPY and ADD: where to; null elsewhere. */
  readonly destination: string | null
  /** The text does not tell it from every other one: `COPY file:0123…`, a heredoc with an interpreter of its own. */
  readonly partial: boolean
}

/**
 * Reads `created_by` of BuildKit, of the legacy builder (`#(nop)`), of buildah and of kaniko:
 * `RUN |1 A=b /bin/sh -c cmd # buildkit`, `/bin/sh -c #(nop) COPY file:0123 in /x `, `|1 A=b /bin/sh -c cmd`.
 */
export function parseCreatedBy(createdBy: string): CreatedBy {
  const line = withoutBuilder(collapseBlanks(createdBy))
  const space = line.indexOf(' ')
  const kind = space < 0 ? line : line.slice(0, space)
  const rest = line.slice(kind.length + 1)
  if (kind === 'RUN') return runOf(rest)
  if (kind === 'COPY' || kind === 'ADD') return copyOf(kind, rest)
  if (others.has(kind)) return {kind, text: rest, destination: null, partial: false}
  return runOf(line)
}

/** What else a line can begin with. Anything but these is a command without the word RUN. */
const others: ReadonlySet<string> = new Set([
  'ARG',
  'CMD',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
])

/** `/bin/sh -c #(nop) ` before it, ` # buildkit` and ` # buildkit:sha256…` after it. */
function withoutBuilder(text: string): string {
  const marker = ' # buildkit'
  const end = text.lastIndexOf(marker)
  const command = end < 0 || /\w/.test(text[end + marker.length] ?? '') ? text : text.slice(0, end)
  const [nop] = /^\S+(?: \S+){1,4} #\(nop\) /.exec(command) ?? []
  return nop === undefined ? command : command.slice(nop.length)
}

/** A shell with its options up to the command: `/bin/sh -c `, `/bin/bash -o pipefail -c `. */
const shell = String.raw`(?:\/\S*\/)?(?:ba|da|a|z|k)?sh(?: (?:-\S+|pipefail))*? -\w*c `
const shellFirst = new RegExp(`^${shell}`)
const shellAnywhere = new RegExp(` ${shell}`)

function runOf(rest: string): CreatedBy {
  const text = withoutArguments(withoutFlags(rest)).replace(shellFirst, '')
  return {kind: 'RUN', text, destination: null, partial: text.startsWith('/dev/pipes/')}
}

/** `|2 A=1 B=2 command`: the values may hold blanks, so the shell tells better than the number where they end. */
function withoutArguments(text: string): string {
  const [start, digits] = /^\|(\d{1,4}) /.exec(text) ?? []
  if (start === undefined) return text
  const shellAt = shellAnywhere.exec(text)?.index
  if (shellAt !== undefined) return text.slice(shellAt + 1)
  return text.slice(start.length).split(' ').slice(Number(digits)).join(' ')
}

function copyOf(kind: string, rest: string): CreatedBy {
  const text = withoutFlags(rest)
  const [, hashed] = /^(?:file|dir|multi|archive):\S+ in (.+)$/.exec(text) ?? []
  const destination = hashed ?? text.slice(text.lastIndexOf(' ') + 1)
  return {kind, text, destination, partial: hashed !== undefined || !text.includes(' ')}
}

function withoutFlags(text: string): string {
  return text.replace(/^(?:--[a-z][a-z-]*(?:=\S*)? )+/, '')
}
