import {shorten} from '../model/text.js'
import {DockerfileError} from './error.js'
import type {Escape} from './instruction.js'

export interface Directives {
  readonly escape: Escape
  readonly syntax: string | null
}

const names: ReadonlySet<string> = new Set(['syntax', 'escape', 'check'])

/**
 * The parser directives: `# name=value` on the first lines. The first line that is anything else ends them.
 * @throws {DockerfileError} DOCKERFILE_BAD_DIRECTIVE
 * @see Dockerfile reference, "Parser directives"
 */
export function readDirectives(lines: readonly string[], file: string): Directives {
  const found = new Map<string, string>()
  for (const [index, line] of lines.entries()) {
    const directive = directiveOf(line)
    if (directive === null) break
    if (found.has(directive.name)) throw bad(file, index, `the directive "${directive.name}" stands there twice`)
    found.set(directive.name, directive.value)
    if (directive.name === 'escape' && !isEscape(directive.value)) {
      throw bad(file, index, `escape can be \\ or \`, not "${shorten(directive.value, 20)}"`)
    }
  }
  const escapeMark = found.get('escape') ?? '\\'
  return {escape: isEscape(escapeMark) ? escapeMark : '\\', syntax: found.get('syntax') ?? null}
}

function directiveOf(line: string): {name: string; value: string} | null {
  const text = line.trimStart()
  const equals = text.indexOf('=')
  if (!text.startsWith('#') || equals < 0) return null
  const name = text.slice(1, equals).trim().toLowerCase()
  const value = text.slice(equals + 1).trim()
  return names.has(name) && value !== '' ? {name, value} : null
}

function isEscape(text: string): text is Escape {
  return text === '\\' || text === '`'
}

function bad(file: string, index: number, what: string): DockerfileError {
  return new DockerfileError('DOCKERFILE_BAD_DIRECTIVE', `${file}, line ${index + 1}: ${what}`)
}
