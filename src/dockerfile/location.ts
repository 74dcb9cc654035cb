import type {Location} from '../model/source-line.js'
import {type Dockerfile, type Instruction, sourceOf} from './instruction.js'

/** All lines of an instruction. */
export function locationOf(dockerfile: Dockerfile, instruction: Instruction): Location {
  const {startLine, endLine} = instruction
  return {
    file: dockerfile.file,
    startLine,
    startColumn: 1,
    endLine,
    endColumn: lineAt(dockerfile, endLine).length + 1,
    snippet: sourceOf(dockerfile, instruction),
  }
}

/** A part of one line. */
export interface Span {
  readonly line: number
  readonly startColumn: number
  readonly endColumn: number
}

export function locationOfSpan(dockerfile: Dockerfile, {line, startColumn, endColumn}: Span): Location {
  const snippet = lineAt(dockerfile, line)
  return {file: dockerfile.file, startLine: line, startColumn, endLine: line, endColumn, snippet}
}

/** The text of a line, without the blanks around it. */
export function spanOfLine(dockerfile: Dockerfile, line: number): Span {
  const text = lineAt(dockerfile, line)
  const end = text.trimEnd().length
  return {line, startColumn: Math.min(end, text.length - text.trimStart().length) + 1, endColumn: end + 1}
}

export function lineAt({lines}: Dockerfile, line: number): string {
  return lines[line - 1] ?? ''
}
