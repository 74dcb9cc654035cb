import type {Assignment, Command, ShellScript, Statement, Word} from './syntax.js'
import {ShellLimit, ShellText} from './text.js'
import {readWord, skipBlanks, skipParentheses} from './words.js'

/**
 * Reads a script of sh or bash for the commands in it. What decides whether a command runs is only told as `sure`:
 * nothing here can know how a condition comes out.
 * @see POSIX, "Shell Command Language"
 */
export function readShell(script: string): ShellScript {
  const statements: Statement[] = []
  try {
    new StatementReader(new ShellText(script.replace(/\r\n/g, '\n')), '', statements).read()
    return {statements, cut: false}
  } catch (error) {
    if (!(error instanceof ShellLimit)) throw error
    return {statements, cut: true}
  }
}

/** Words that begin or end a compound command, and by how much they nest. */
const reserved: ReadonlyMap<string, number> = new Map([
  ['if', 1],
  ['then', 0],
  ['elif', 0],
  ['else', 0],
  ['fi', -1],
  ['while', 1],
  ['until', 1],
  ['do', 0],
  ['done', -1],
  ['{', 1],
  ['}', -1],
  ['!', 0],
  ['time', 0],
  ['coproc', 0],
])

/** What `name=`, and the rest of its word, assigns; null for any other word. */
export function assignmentOf(text: string, rest: Word): Assignment | null {
  const [, name, plus, value = ''] = /^([A-Za-z_]\w*)(\+?)=([\s\S]*)$/.exec(text) ?? []
  if (name === undefined) return null
  const isList = rest[0]?.kind === 'list'
  const before: Word = plus === '+' ? [{kind: 'variable', name, quoted: true, all: isList, otherwise: null}] : []
  const first: Word = isList ? [] : [{kind: 'text', text: value, quoted: true}]
  return {name, value: [...before, ...first, ...rest]}
}

class StatementReader {
  readonly #text: ShellText
  readonly #end: ')' | '}' | ''
  readonly #statements: Statement[]
  /** Branches, loops and groups around what is read. */
  #depth = 0
  /** Of them, those that parentheses make. */
  #parentheses = 0
  #cases = 0
  /** The operator before what is read; '' once a command has followed it. */
  #before = ''
  /** The first command of the pipe that is read. */
  #pipe: Command | null = null
  #heredocs: {readonly name: string; readonly tabs: boolean}[] = []

  /** @param end what ends it besides the end of the text, and is taken */
  constructor(text: ShellText, end: ')' | '}' | '', statements: Statement[]) {
    this.#text = text
    this.#end = end
    this.#statements = statements
  }

  read(): Statement[] {
    while (!this.#text.isDone) {
      skipBlanks(this.#text)
      if (this.#text.isDone || this.#step()) break
    }
    return this.#statements
  }

  /** @returns whether this was the end */
  #step(): boolean {
    const text = this.#text
    const character = text.peek()
    if (character === '#') text.take(/[^\n]*/y)
    else if (text.startsWith('((')) skipParentheses(text)
    else if (character === '(') this.#open()
    else if (character === ')') return this.#close()
    else if ('\n;&|'.includes(character)) this.#operator()
    else return this.#words()
    return false
  }

  #open(): void {
    this.#text.next()
    this.#parentheses++
    this.#depth++
  }

  #close(): boolean {
    this.#text.next()
    if (this.#parentheses === 0) return this.#end === ')'
    this.#parentheses--
    this.#depth--
    return false
  }

  #operator(): void {
    const operator = this.#text.take(/&&|\|\||;;&|;;|;&|\|&|[\n;&|]/y)
    if (operator === '\n') this.#skipHeredocs()
    // A line that ends with one of these goes on in the next.
    if (operator === '\n' && /^(?:&&|\|\|?)$/.test(this.#before)) return
    this.#before = operator === '|&' ? '|' : operator
    if (this.#before !== '|') this.#pipe = null
    if (operator.startsWith(';') && operator.length > 1 && this.#cases > 0) this.#skipPattern()
  }

  /** @returns whether this was the end */
  #words(): boolean {
    const line = this.#text.line
    const name = this.#text.take(/[^\s;&|<>()'"\\$`#=]+(?=[\s;&|<>()]|$)/y)
    const nests = reserved.get(name)
    if (name === '}' && this.#depth === 0 && this.#end === '}') return true
    if (nests !== undefined) this.#depth = Math.max(0, this.#depth + nests)
    else if (name === 'for' || name === 'select') this.#loop()
    else if (name === 'case') this.#case()
    else if (name === 'esac') this.#esac()
    else if (name === '[[') this.#text.until(']]')
    else if (name === 'function') this.#function(this.#text.take(/[ \t]*[^\s(){};]+/y).trim())
    else if (name !== '' && this.#text.take(/[ \t]*\([ \t]*\)/y) !== '') this.#function(name)
    else this.#command(name, line)
    return false
  }

  #loop(): void {
    this.#depth++
    skipBlanks(this.#text)
    if (this.#text.startsWith('((')) skipParentheses(this.#text)
    const name = this.#text.take(/[A-Za-z_]\w*/y)
    const isOver = this.#text.take(/\s*in(?=[\s;])/y) !== ''
    const words: Word[] = []
    while (isOver) {
      skipBlanks(this.#text)
      const word = this.#word()
      if (word.length === 0) break
      words.push(word)
    }
    if (name !== '') this.#add({kind: 'for', name, words: isOver ? words : null})
  }

  #case(): void {
    this.#depth++
    this.#cases++
    skipBlanks(this.#text)
    this.#word()
    this.#text.take(/\s*in(?=\s)/y)
    this.#skipPattern()
  }

  #esac(): void {
    this.#cases = Math.max(0, this.#cases - 1)
    this.#depth = Math.max(0, this.#depth - 1)
  }

  /** `a|"b c")`, unless this is the end of the case. */
  #skipPattern(): void {
    for (;;) {
      this.#text.take(/(?:\s|#[^\n]*\n)+/y)
      if (this.#text.isDone || this.#text.take(/esac(?=[\s;)]|$)/y) !== '') break
      this.#text.take(/\(/y)
      while (!this.#text.isDone && this.#text.peek() !== ')') if (this.#word().length === 0) this.#text.next()
      this.#text.next()
      return
    }
    this.#esac()
  }

  /** Name and parentheses have been read. */
  #function(name: string): void {
    this.#text.take(/[ \t]*\([ \t]*\)/y)
    this.#text.take(/(?:\s|#[^\n]*\n)+/y)
    const open = this.#text.take(/[{(]/y)
    // Another compound command may be the body: then its commands are taken for those of the script.
    if (open === '') return
    const body = this.#text.nested(() => new StatementReader(this.#text, open === '{' ? '}' : ')', []).read())
    this.#add({kind: 'function', name, body})
  }

  /** @param first its first word, where that is plain and has been read */
  #command(first: string, line: number): void {
    const words: Word[] = []
    const assignments: Assignment[] = []
    const isPiped = this.#before === '|'
    const conditional = this.#depth > 0 || isPiped || this.#before === '&&' || this.#before === '||'
    if (first !== '') this.#take([{kind: 'text', text: first, quoted: false}], words, assignments)
    for (;;) {
      skipBlanks(this.#text)
      if (this.#redirection()) continue
      this.#text.take(/#[^\n]*/y)
      const word = this.#word()
      if (word.length === 0) break
      this.#take(word, words, assignments)
    }
    // A character that begins nothing must not be looked at for ever.
    if (words.length === 0 && assignments.length === 0) {
      if (!this.#text.isDone && !'\n;&|()'.includes(this.#text.peek())) this.#text.next()
      return
    }
    const after = this.#text.peek()
    const isApart = (after === '|' || after === '&') && this.#text.peek(1) !== after
    const command: Command = {
      kind: 'command',
      assignments,
      words,
      line,
      sure: !conditional && !isApart,
      input: isPiped ? this.#pipe : null,
    }
    if (!isPiped) this.#pipe = command
    this.#before = ''
    this.#add(command)
  }

  #take(word: Word, words: Word[], assignments: Assignment[]): void {
    const [first, ...rest] = word
    const assigned = first?.kind === 'text' && !first.quoted ? assignmentOf(first.text, rest) : null
    if (assigned === null || words.length > 0) words.push(word)
    else assignments.push(assigned)
  }

  /** `>file`, `2>&1`, `<<EOF`: taken, and what is in `<(…)` read. */
  #redirection(): boolean {
    if (this.#text.take(/\d*(?=[<>])/y) === '' && !/^(?:[<>]|&>)/.test(this.#text.peek() + this.#text.peek(1)))
      return false
    const operator = this.#text.take(/&>>?|<<<|<<-?|<\(|>\(|[<>][&>|]?/y)
    if (operator === '') return false
    if (operator.endsWith('(')) {
      this.#text.nested(() => new StatementReader(this.#text, ')', this.#statements).read())
      return true
    }
    skipBlanks(this.#text)
    if (operator === '<<' || operator === '<<-') {
      const name = this.#text.take(/[^\s;&|<>()]+/y).replace(/["'\\]/g, '')
      if (name !== '') this.#heredocs.push({name, tabs: operator === '<<-'})
    } else if (this.#text.peek() !== '<' && this.#text.peek() !== '>') this.#word()
    return true
  }

  #skipHeredocs(): void {
    for (const {name, tabs} of this.#heredocs) {
      while (!this.#text.isDone) {
        const line = this.#text.until('\n')
        if ((tabs ? line.replace(/^\t+/, '') : line) === name) break
      }
    }
    this.#heredocs = []
  }

  #word(): Word {
    return readWord(this.#text, (text, end) => new StatementReader(text, end, []).read())
  }

  #add(statement: Statement): void {
    this.#text.countStatement()
    this.#statements.push(statement)
  }
}
