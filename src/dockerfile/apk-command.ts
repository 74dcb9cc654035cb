import {type Dockerfile, type Instruction, isComment} from './instruction.js'
import {lineAt, type Span, spanOfLine} from './location.js'

/** A package that `apk add` names. */
export interface NamedPackage {
  /** Without version and tag. */
  readonly name: string
  readonly span: Span
}

/** A word of `apk add` or `apk upgrade` that asks for a package: `curl`, `curl=8.1-r0`, `"php~8"`, `nginx=$VERSION`. */
export interface AskedPackage {
  /** Without quotes. */
  readonly word: string
  /** With its quotes. */
  readonly span: Span
}

/** One `apk add` or `apk upgrade`. */
export interface ApkCommand {
  /** Does it take what it names, or where it names nothing everything, to the newest version? */
  readonly upgrades: boolean
  /** `--root`: the packages are of another system than the image's own. */
  readonly elsewhere: boolean
  readonly asked: readonly AskedPackage[]
}

/** What the apk commands of one RUN ask for, and where. */
export interface ApkCommands {
  readonly added: readonly NamedPackage[]
  readonly commands: readonly ApkCommand[]
  /** The line of `apk upgrade`, else of the first `apk add`, else the first line with the word apk. */
  readonly command: Span | null
}

interface Token {
  readonly text: string
  readonly span: Span
}

/**
 * Reads the apk commands of a RUN, line by line: `apk add --no-cache -t .deps a b=1.2 c@edge && …`. Words that only a
 * running shell knows (`$PACKAGES`) are no packages; a version may be one. A heredoc that no shell runs is data.
 */
export function apkCommandsOf(dockerfile: Dockerfile, instruction: Instruction): ApkCommands {
  const commands = new CommandReader()
  const end = lastCommandLine(instruction)
  for (let line = instruction.startLine; line <= end; line++) {
    const text = lineAt(dockerfile, line)
    if (isComment(text) || text.trim() === '') continue
    for (const token of tokensOf(text, line, instruction.exec !== null)) {
      if (token.text.startsWith('#')) break
      commands.take(token)
    }
    if (!text.trimEnd().endsWith(dockerfile.escape)) commands.end()
    if (/(?:^|[\s"';&|(/])apk[\s"']/.test(text)) commands.mention(spanOfLine(dockerfile, line))
  }
  return commands.result(dockerfile)
}

/** `RUN <<EOF` is a script, and so is `RUN sh -e <<EOF`; the body of `RUN cat > file <<EOF` is not. */
function lastCommandLine({text, heredocs, endLine}: Instruction): number {
  const [first] = heredocs
  if (first === undefined) return endLine
  const isShell = /^(?:(?:\/\S*\/)?(?:ba|da|a)?sh(?:[ \t]+-\S+)*[ \t]*)?<</.test(text)
  const interpreter = /^#!(.*)/.exec(first.body)?.[1]
  if (isShell && (interpreter === undefined || /\b(?:ba|da|a)?sh\b/.test(interpreter))) return endLine
  const lines = heredocs.reduce((total, {body}) => total + body.split('\n').length, 0)
  return endLine - lines
}

/** Operators of a shell by themselves, words with their quotes; of the JSON form what stands in quotes. */
function* tokensOf(text: string, line: number, exec: boolean): Generator<Token> {
  const pattern = exec ? /"[^"]*"/g : /[;&|()<>]+|(?:[^\s;&|()<>\\'"]|\\.|"[^"]*"|'[^']*')+/g
  for (const {0: token, index} of text.matchAll(pattern)) {
    yield {text: token, span: {line, startColumn: index + 1, endColumn: index + 1 + token.length}}
  }
}

/** Options of apk and of `apk add` whose value is the next word. */
const withValue: ReadonlySet<string> = new Set([
  '--arch',
  '--cache-dir',
  '--cache-max-age',
  '--keys-dir',
  '--progress-fd',
  '--repositories-file',
  '--repository',
  '--root',
  '--timeout',
  '--virtual',
  '--wait',
])

type Expecting = 'apk' | 'subcommand' | 'packages'

interface MutableCommand extends ApkCommand {
  upgrades: boolean
  readonly asked: AskedPackage[]
}

class CommandReader {
  readonly #added: NamedPackage[] = []
  readonly #commands: MutableCommand[] = []
  #expecting: Expecting = 'apk'
  /** Is the next word the value of an option, or the file of a redirection? */
  #skip = false
  /** `--root` may stand before the subcommand. */
  #elsewhere = false
  #isAdding = false
  #mentioned: Span | null = null
  #adding: Span | null = null
  #upgrading: Span | null = null

  take({text, span}: Token): void {
    if (/^[;&|()<>]/.test(text)) this.#operator(text)
    else if (this.#skip) this.#skip = false
    else this.#word(text.replace(/["']/g, ''), span)
  }

  /** The command ends with its line. */
  end(): void {
    this.#expecting = 'apk'
    this.#skip = false
    this.#elsewhere = false
  }

  mention(span: Span): void {
    this.#mentioned ??= span
  }

  result(dockerfile: Dockerfile): ApkCommands {
    const command = this.#upgrading ?? this.#adding
    const place = command ? spanOfLine(dockerfile, command.line) : this.#mentioned
    return {added: this.#added, commands: this.#commands, command: place}
  }

  #operator(text: string): void {
    if (/[<>]/.test(text)) this.#skip = !text.endsWith('&')
    else this.end()
  }

  #word(word: string, span: Span): void {
    if (this.#expecting === 'apk') {
      if (/(?:^|\/)apk$/.test(word)) this.#expecting = 'subcommand'
    } else if (word.startsWith('-')) this.#option(word)
    else if (this.#expecting === 'subcommand') this.#subcommand(word, span)
    else this.#package(word, span)
  }

  #option(word: string): void {
    this.#skip = withValue.has(word) || /^-[A-Za-z]*[Xpt]$/.test(word)
    if (/^(?:--root(?:=|$)|-[A-Za-z]*p)/.test(word)) this.#elsewhere = true
    const command = this.#expecting === 'packages' ? this.#commands.at(-1) : undefined
    if (command !== undefined && (word === '--upgrade' || /^-[A-Za-z]*u/.test(word))) command.upgrades = true
    if (command !== undefined && this.#elsewhere) this.#commands.splice(-1, 1, {...command, elsewhere: true})
  }

  #subcommand(word: string, span: Span): void {
    const isKnown = word === 'add' || word === 'upgrade'
    this.#expecting = isKnown ? 'packages' : 'apk'
    if (isKnown) this.#commands.push({upgrades: word === 'upgrade', elsewhere: this.#elsewhere, asked: []})
    if (word === 'add') this.#adding ??= span
    if (word === 'upgrade') this.#upgrading ??= span
    this.#isAdding = word === 'add'
  }

  #package(word: string, span: Span): void {
    const name = packageName(word)
    if (name === '' || name.includes('$') || word.startsWith('!')) return
    this.#commands.at(-1)?.asked.push({word, span})
    if (this.#isAdding && !word.includes('$')) this.#added.push({name, span})
  }
}

/** `curl` of `curl`, `curl=8.1-r0`, `curl~8`, `curl@edge`, `so:libc.so.1>=2`. */
export function packageName(constraint: string): string {
  return /^[^@<>=~]*/.exec(constraint)?.[0] ?? ''
}
