import {type Dockerfile, type Instruction, isComment} from './instruction.js'
import {lineAt, type Span, spanOfLine} from './location.js'

/** A package that `apk add` names. */
export interface NamedPackage {
  /** Without version and tag. */
  readonly name: string
  readonly span: Span
}

/** What the apk commands of one RUN ask for, and where. */
export interface ApkCommands {
  readonly added: readonly NamedPackage[]
  /** The line of `apk upgrade`, else of the first `apk add`, else the first line with the word apk. */
  readonly command: Span | null
}

interface Token {
  readonly text: string
  readonly span: Span
}

/**
 * Reads the apk commands of a RUN, line by line: `apk add --no-cache -t .deps a b=1.2 c@edge && …`. Words that only a
 * running shell knows (`$PACKAGES`) are left out.
 */
export function apkCommandsOf(dockerfile: Dockerfile, instruction: Instruction): ApkCommands {
  const commands = new CommandReader()
  for (let line = instruction.startLine; line <= instruction.endLine; line++) {
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

class CommandReader {
  readonly #added: NamedPackage[] = []
  #expecting: Expecting = 'apk'
  /** Is the next word the value of an option, or the file of a redirection? */
  #skip = false
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
  }

  mention(span: Span): void {
    this.#mentioned ??= span
  }

  result(dockerfile: Dockerfile): ApkCommands {
    const command = this.#upgrading ?? this.#adding
    return {added: this.#added, command: command ? spanOfLine(dockerfile, command.line) : this.#mentioned}
  }

  #operator(text: string): void {
    if (/[<>]/.test(text)) this.#skip = !text.endsWith('&')
    else this.end()
  }

  #word(word: string, span: Span): void {
    if (this.#expecting === 'apk') {
      if (/(?:^|\/)apk$/.test(word)) this.#expecting = 'subcommand'
    } else if (word.startsWith('-')) this.#skip = withValue.has(word) || /^-[A-Za-z]*[Xpt]$/.test(word)
    else if (this.#expecting === 'subcommand') this.#subcommand(word, span)
    else this.#package(word, span)
  }

  #subcommand(word: string, span: Span): void {
    this.#expecting = word === 'add' ? 'packages' : 'apk'
    if (word === 'add') this.#adding ??= span
    if (word === 'upgrade') this.#upgrading ??= span
  }

  #package(word: string, span: Span): void {
    const name = packageName(word)
    if (name !== '' && !word.includes('$') && !word.startsWith('!')) this.#added.push({name, span})
  }
}

/** `curl` of `curl`, `curl=8.1-r0`, `curl~8`, `curl@edge`, `so:libc.so.1>=2`. */
export function packageName(constraint: string): string {
  return /^[^@<>=~]*/.exec(constraint)?.[0] ?? ''
}
