import type {Part, Statement, Word} from './syntax.js'
import type {ShellText} from './text.js'

/** Reads the commands of a substitution up to what ends it, which is taken. */
export type ReadCommands = (text: ShellText, end: ')' | '') => readonly Statement[]

const blanks = ' \t'
/** Ends a word that is not quoted. */
const ends = ' \t\n;&|<>()'

/**
 * Reads one word with its quotes, variables and substitutions; [] where none begins here.
 * @see POSIX, "Shell Command Language", Token Recognition; Bash manual, "Shell Expansions"
 */
export function readWord(text: ShellText, commands: ReadCommands): Word {
  const reader = new WordReader(text, commands)
  const parts = reader.parts(ends)
  if (text.peek() !== '(' || !isAssignment(parts)) return parts
  return [...parts, {kind: 'list', words: reader.list()}]
}

/** `name=` and nothing more. */
function isAssignment([first, ...rest]: Word): boolean {
  return rest.length === 0 && first?.kind === 'text' && /^[A-Za-z_]\w*\+?=$/.test(first.text)
}

class WordReader {
  readonly #text: ShellText
  readonly #commands: ReadCommands
  #parts: Part[] = []
  #literal = ''

  constructor(text: ShellText, commands: ReadCommands) {
    this.#text = text
    this.#commands = commands
  }

  /** @param stops characters that end it, and are left there */
  parts(stops: string): Part[] {
    const outer = {parts: this.#parts, literal: this.#literal}
    this.#parts = []
    this.#literal = ''
    while (!this.#text.isDone && !stops.includes(this.#text.peek())) this.#take(this.#text.next())
    this.#flush(false)
    const parts = this.#parts
    this.#parts = outer.parts
    this.#literal = outer.literal
    return parts
  }

  /** The words of `(a b)`. */
  list(): Word[] {
    const words: Word[] = []
    this.#text.next()
    while (!this.#text.isDone && this.#text.peek() !== ')') {
      if (this.#text.take(/[ \t\n]+|#[^\n]*/y) !== '') continue
      const word = this.#text.nested(() => this.parts(ends))
      if (word.length === 0) this.#text.next()
      else words.push(word)
    }
    this.#text.next()
    return words
  }

  #take(character: string): void {
    if (character === '\\') this.#literal += this.#escaped()
    else if (character === "'") this.#quoted(this.#text.until("'"))
    else if (character === '"') this.#doubleQuoted()
    else if (character === '$') this.#dollar(false)
    else if (character === '`') this.#backticks(false)
    else this.#literal += character
  }

  /** A line that is continued is one line. */
  #escaped(): string {
    const character = this.#text.next()
    return character === '\n' ? '' : character
  }

  #quoted(text: string): void {
    this.#flush(false)
    this.#parts.push({kind: 'text', text, quoted: true})
  }

  #doubleQuoted(): void {
    this.#flush(false)
    // Quotes make a word, with nothing in them too.
    this.#parts.push({kind: 'text', text: '', quoted: true})
    while (!this.#text.isDone) {
      const character = this.#text.next()
      if (character === '"') break
      if (character === '\\') this.#literal += this.#escapedInQuotes()
      else if (character === '$') this.#dollar(true)
      else if (character === '`') this.#backticks(true)
      else this.#literal += character
    }
    this.#flush(true)
  }

  #escapedInQuotes(): string {
    if (this.#text.peek() === '\n') return this.#escaped()
    return '$`"\\'.includes(this.#text.peek()) ? this.#text.next() : '\\'
  }

  #dollar(quoted: boolean): void {
    const peek = this.#text.peek()
    if (!quoted && peek === "'") {
      this.#text.next()
      this.#quoted(this.#text.until("'"))
    } else if (this.#text.startsWith('((')) {
      skipParentheses(this.#text)
      this.#push({kind: 'unknown'}, quoted)
    } else if (peek === '(') {
      this.#text.next()
      const statements = this.#text.nested(() => this.#commands(this.#text, ')'))
      this.#push({kind: 'commands', statements, quoted}, quoted)
    } else if (peek === '{') {
      this.#text.next()
      this.#push(
        this.#text.nested(() => this.#braces(quoted)),
        quoted,
      )
    } else {
      const name = this.#text.take(/[A-Za-z_]\w*|[0-9@*#?$!-]/y)
      if (name === '') this.#literal += '$'
      else this.#push(variable(name, quoted), quoted)
    }
  }

  /** `${` has been read. */
  #braces(quoted: boolean): Part {
    const name = this.#text.take(/[A-Za-z_]\w*|[0-9]+|[@*](?=[}:])/y)
    const all = this.#text.take(/\[[@*]\]/y) !== '' || name === '@' || name === '*'
    if (name === '') return this.#rest()
    if (this.#text.peek() === '}') {
      this.#text.next()
      return {...variable(name, quoted), all}
    }
    if (this.#text.take(/:?[-=]/y) === '') return this.#rest()
    const otherwise = this.parts('}')
    this.#text.next()
    return {...variable(name, quoted), all, otherwise}
  }

  /** An expansion that only the shell can make. */
  #rest(): Part {
    this.parts('}')
    this.#text.next()
    return {kind: 'unknown'}
  }

  #backticks(quoted: boolean): void {
    let inside = ''
    while (!this.#text.isDone) {
      const character = this.#text.next()
      if (character === '`') break
      inside += character === '\\' && '$`\\'.includes(this.#text.peek()) ? this.#text.next() : character
    }
    const statements = this.#text.nested(() => this.#commands(this.#text.inner(inside), ''))
    this.#push({kind: 'commands', statements, quoted}, quoted)
  }

  #push(part: Part, quoted: boolean): void {
    this.#flush(quoted)
    this.#parts.push(part)
  }

  #flush(quoted: boolean): void {
    if (this.#literal !== '') this.#parts.push({kind: 'text', text: this.#literal, quoted})
    this.#literal = ''
  }
}

function variable(name: string, quoted: boolean) {
  return {kind: 'variable', name, quoted, all: name === '@' || name === '*', otherwise: null} as const
}

/** `((1 + 2))` as a whole. */
export function skipParentheses(text: ShellText): void {
  let depth = 0
  do {
    const character = text.next()
    if (character === '(') depth++
    if (character === ')') depth--
  } while (depth > 0 && !text.isDone)
}

export function skipBlanks(text: ShellText): void {
  for (;;) {
    if (text.startsWith('\\\n')) text.skip(2)
    else if (text.peek() !== '' && blanks.includes(text.peek())) text.next()
    else return
  }
}
