import type {Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq} from 'yaml'
import {exportsOf} from '../../model/commonjs.js'
import {count} from '../../model/text.js'
import {policyLimits} from '../limits.js'
import type {Complain, ConfigNode, MapEntry, ScalarNode} from './node.js'

/**
 * Reads YAML 1.2 into nodes that know where they stand; null for an empty text, or where it cannot be read at all.
 * Anchors and aliases are understood, as long as what they stand for stays small; tags and merge keys are not.
 */
export async function readYaml(text: string, complain: Complain): Promise<ConfigNode | null> {
  const yaml = exportsOf(await import('yaml'))
  // Equal keys are found below: the library compares each with all the others.
  const document = parseDocument(text, yaml)
  const [first] = [...document.errors, ...document.warnings]
  if (first !== undefined) {
    complain({...wordsFor(first.message), start: first.pos[0], length: Math.max(1, first.pos[1] - first.pos[0])})
    return null
  }
  return document.contents === null ? null : new Reader(yaml, complain).read(document.contents, 0)
}

/** Without the stack of each error: of a text that is wrong all over there are very many. */
function parseDocument(text: string, yaml: Yaml): Document.Parsed {
  const {stackTraceLimit} = Error
  Error.stackTraceLimit = 0
  try {
    // With `silent`, it would pass over a second document without a word.
    return yaml.parseDocument(text, {uniqueKeys: false, prettyErrors: false, logLevel: 'error'})
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
}

/** What the library says, where a person may not know what it means. */
function wordsFor(message: string): {readonly message: string; readonly hint?: string} {
  if (message.includes('call stack')) return {message: 'this is nested too deep'}
  if (/^Source contains multiple documents/.test(message)) {
    return {message: 'a second document begins here', hint: 'Take the line --- away.'}
  }
  if (message.startsWith('Unresolved tag')) return {message: 'tags are not understood', hint: 'Take it away.'}
  const [first = ''] = message.split('\n')
  const sentence = first.replace(/[.:]$/, '')
  return {message: `this is no YAML: ${sentence.charAt(0).toLowerCase()}${sentence.slice(1)}`}
}

type Yaml = typeof import('yaml')

class Reader {
  readonly #yaml: Yaml
  readonly #complain: Complain
  /** What each anchor stands for at this point of the text: the last one of its name. */
  readonly #anchors = new Map<string, Node>()
  /** Anchored nodes that are being read: an alias to one of them stands for itself. */
  readonly #open = new Set<Node>()
  #aliased = 0
  #inAlias = 0

  constructor(yaml: Yaml, complain: Complain) {
    this.#yaml = yaml
    this.#complain = complain
  }

  read(node: Node, depth: number): ConfigNode | null {
    const start = node.range?.[0] ?? 0
    if (depth > policyLimits.configDepth)
      return this.#refuse(`this is nested more than ${policyLimits.configDepth} deep`, start)
    if (this.#inAlias > 0 && ++this.#aliased > policyLimits.aliasValues) {
      return this.#refuse(`aliases stand for more than ${count(policyLimits.aliasValues, 'value')}`, start)
    }
    if (this.#yaml.isAlias(node)) return this.#readAlias(node, depth, start)
    const {anchor} = node as {anchor?: string}
    if (anchor !== undefined && this.#inAlias === 0) this.#anchors.set(anchor, node)
    this.#open.add(node)
    try {
      if (this.#yaml.isMap(node)) return this.#readMap(node, depth, start)
      if (this.#yaml.isSeq(node)) return this.#readList(node, depth, start)
      return readScalar(node as Scalar, start)
    } finally {
      this.#open.delete(node)
    }
  }

  #readAlias(alias: Alias, depth: number, start: number): ConfigNode | null {
    const target = this.#anchors.get(alias.source)
    if (target === undefined) return this.#refuse(`nothing before this is called &${alias.source}`, start)
    if (this.#open.has(target)) return this.#refuse(`*${alias.source} stands inside of itself`, start)
    this.#inAlias++
    try {
      return this.read(target, depth)
    } finally {
      this.#inAlias--
    }
  }

  #readMap(map: YAMLMap, depth: number, start: number): ConfigNode | null {
    const entries: MapEntry[] = []
    const seen = new Set<string>()
    for (const pair of map.items as Pair<Node, Node | null>[]) {
      const keyStart = pair.key.range?.[0] ?? start
      if (!this.#yaml.isScalar(pair.key)) {
        this.#refuse('a key has to be a word', keyStart)
        continue
      }
      const key = pair.key.source ?? String(pair.key.value)
      if (key === '<<') {
        const hint = 'Write the keys out; a profile adds to what stands outside of it.'
        this.#complain({message: 'merge keys are not understood', hint, start: keyStart, length: 2})
        continue
      }
      if (seen.has(key)) {
        const message = `${JSON.stringify(key)} stands here a second time`
        this.#complain({message, hint: 'Put both together.', start: keyStart, length: key.length})
        continue
      }
      seen.add(key)
      const nothing: ScalarNode = {kind: 'scalar', start: keyStart, text: '', plain: true, type: 'null'}
      const value = pair.value === null ? nothing : this.read(pair.value, depth + 1)
      if (value === null) return null
      entries.push({key, start: keyStart, value})
    }
    return {kind: 'map', start, entries}
  }

  #readList(list: YAMLSeq, depth: number, start: number): ConfigNode | null {
    const items: ConfigNode[] = []
    for (const item of list.items as Node[]) {
      const read = this.read(item, depth + 1)
      if (read === null) return null
      items.push(read)
    }
    return {kind: 'list', start, items}
  }

  #refuse(message: string, start: number): null {
    this.#complain({message, start, length: 1})
    return null
  }
}

function readScalar({value, source, type}: Scalar, start: number): ScalarNode {
  const text = source ?? String(value ?? '')
  const kind =
    value === null ? 'null' : typeof value === 'number' || typeof value === 'bigint' ? 'number' : typeof value
  return {
    kind: 'scalar',
    start,
    text,
    plain: type === 'PLAIN',
    type: kind === 'number' || kind === 'boolean' || kind === 'null' ? kind : 'text',
  }
}
