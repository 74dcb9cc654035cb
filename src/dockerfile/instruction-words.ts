import {type Dockerfile, type Instruction, isComment} from './instruction.js'
import {lineAt, type Span} from './location.js'

/** A word as it stands in the file. */
export interface SourceWord {
  /** With its quotes. */
  readonly text: string
  readonly span: Span
}

/**
 * The words of an instruction at their places: the keyword, flags, and what follows. Comments inside, and the marks that
 * continue lines, are none; a heredoc is not looked into.
 */
export function sourceWords(dockerfile: Dockerfile, {startLine, endLine, heredocs}: Instruction): SourceWord[] {
  const words: SourceWord[] = []
  for (let line = startLine; line <= endLine; line++) {
    const text = lineAt(dockerfile, line)
    if (isComment(text)) continue
    for (const {0: word, index} of text.matchAll(/(?:[^\s"']|"[^"]*"|'[^']*')+/g)) {
      if (word === dockerfile.escape) continue
      const end = word.endsWith(dockerfile.escape) ? word.slice(0, -1) : word
      words.push({text: end, span: {line, startColumn: index + 1, endColumn: index + 1 + end.length}})
    }
    if (heredocs.length > 0) break
  }
  return words
}
