import {shorten} from '../model/text.js'
import {readDirectives} from './directives.js'
import {DockerfileError} from './error.js'
import {heredocsOf} from './heredoc.js'
import {
  type Dockerfile,
  type Escape,
  type Heredoc,
  type Instruction,
  isComment,
  type Keyword,
  keywords,
} from './instruction.js'
import {limits} from './limits.js'

/**
 * Reads a Dockerfile as BuildKit's parser does: directives, continued lines with comments and blank lines inside,
 * heredocs, flags, the JSON form. Says nothing of what the instructions mean.
 * @param file named in errors and in what comes of it
 * @throws {DockerfileError} with the line, for what no builder takes
 * @see Dockerfile reference, "Format", "Parser directives", "Here-documents"
 */
export function parseDockerfile(text: string, file = 'Dockerfile'): Dockerfile {
  if (text.length > limits.characters) {
    throw new DockerfileError(
      'DOCKERFILE_LIMIT',
      `${file} has ${text.length} characters; ${limits.characters} is the limit`,
      {hint: 'Name the Dockerfile of the image with --dockerfile.'},
    )
  }
  const lines = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const directives = readDirectives(lines, file)
  const instructions = [...new InstructionReader(lines, file, directives.escape).read()]
  if (instructions.length === 0) throw new DockerfileError('DOCKERFILE_EMPTY', `${file} has no instructions`)
  return {file, lines, ...directives, instructions}
}

/** An instruction without its place. */
type Command = Pick<Instruction, 'keyword' | 'flags' | 'text' | 'exec'>

class InstructionReader {
  readonly #lines: readonly string[]
  readonly #file: string
  readonly #escape: Escape
  /** Index of the line that is read next. */
  #next = 0

  constructor(lines: readonly string[], file: string, escapeMark: Escape) {
    this.#lines = lines
    this.#file = file
    this.#escape = escapeMark
  }

  *read(): Generator<Instruction> {
    while (this.#next < this.#lines.length) {
      const startLine = this.#next + 1
      const text = this.#logicalLine()
      if (text.trim() !== '') yield this.#instruction(text, startLine)
    }
  }

  /** One line with the lines that continue it; '' for a comment. Comments and blank lines inside do not end it. */
  #logicalLine(): string {
    const first = this.#take()
    if (isComment(first)) return ''
    let {text, continues} = this.#continuation(first)
    while (continues && this.#next < this.#lines.length) {
      const line = this.#take()
      if (isComment(line) || line.trim() === '') continue
      const part = this.#continuation(line)
      text += part.text
      continues = part.continues
    }
    return text
  }

  /** An escape at the end continues the line, unless another one stands before it. */
  #continuation(line: string): {text: string; continues: boolean} {
    const text = line.slice(0, lastInk(line) + 1)
    const continues = text.endsWith(this.#escape) && text.at(-2) !== this.#escape
    return {text: continues ? text.slice(0, -1) : line, continues}
  }

  #instruction(line: string, startLine: number): Instruction {
    const command = this.#command(line.trim(), startLine)
    const deferred = command.keyword === 'ONBUILD' ? this.#command(command.text, startLine) : null
    const heredocs = this.#heredocs(deferred ?? command, startLine)
    const complete = ({keyword, flags, text, exec}: Command, trigger: Instruction | null): Instruction => {
      return {keyword, flags, text, exec, heredocs, startLine, endLine: this.#next, trigger}
    }
    return complete(command, deferred && complete(deferred, null))
  }

  #command(line: string, startLine: number): Command {
    const word = /^\S*/.exec(line)?.[0] ?? ''
    const keyword = keywords.find(known => known === word.toUpperCase())
    if (keyword === undefined) {
      throw this.#error('DOCKERFILE_BAD_INSTRUCTION', startLine, `"${shorten(word, 40)}" is not an instruction`)
    }
    const {flags, text} = takeFlags(line.slice(word.length).trim())
    return {keyword, flags, text, exec: jsonWords(text)}
  }

  #heredocs({keyword, text, exec}: Command, startLine: number): Heredoc[] {
    if (exec !== null || !canHoldHeredocs.has(keyword)) return []
    return heredocsOf(text).map(({name, chomp}) => {
      const body: string[] = []
      while (this.#next < this.#lines.length) {
        const line = chomp ? this.#take().replace(/^\t+/, '') : this.#take()
        if (line === name) return {name, body: body.map(each => `${each}\n`).join('')}
        body.push(line)
      }
      throw this.#error('DOCKERFILE_UNTERMINATED', startLine, `no line ends the heredoc "${shorten(name, 40)}"`)
    })
  }

  #take(): string {
    return this.#lines[this.#next++] ?? ''
  }

  #error(code: DockerfileError['code'], line: number, what: string): DockerfileError {
    return new DockerfileError(code, `${this.#file}, line ${line}: ${what}`, {
      hint: 'A template is no Dockerfile: name the file that the image was built from with --dockerfile.',
    })
  }
}

/** Index of the last character that is no blank; a regular expression would look at each run of blanks again and again. */
function lastInk(line: string): number {
  let at = line.length - 1
  while (line[at] === ' ' || line[at] === '\t') at--
  return at
}

const canHoldHeredocs: ReadonlySet<Keyword> = new Set(['RUN', 'COPY', 'ADD'])

/** `--name` or `--name=value` at the start; a value may hold quoted blanks. */
const flag = /^--[a-z][a-z-]*(?:=(?:"[^"]*"|'[^']*'|[^\s"'])*)?(?=\s|$)/

function takeFlags(line: string): Pick<Command, 'flags' | 'text'> {
  const flags: string[] = []
  let text = line
  for (let found = flag.exec(text); found !== null; found = flag.exec(text)) {
    flags.push(found[0])
    text = text.slice(found[0].length).trimStart()
  }
  return {flags, text}
}

/** The words of `["a", "b"]`. What does not parse is the shell form, as builders have it. */
function jsonWords(text: string): readonly string[] | null {
  if (!text.startsWith('[')) return null
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every(item => typeof item === 'string') ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
