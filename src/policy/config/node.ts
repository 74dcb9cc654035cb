/** A value of a configuration, and where it stands: offsets into the text, in UTF-16 units. */
export type ConfigNode = MapNode | ListNode | ScalarNode

export interface MapNode {
  readonly kind: 'map'
  readonly start: number
  readonly entries: readonly MapEntry[]
}

export interface MapEntry {
  readonly key: string
  readonly start: number
  readonly value: ConfigNode
}

export interface ListNode {
  readonly kind: 'list'
  readonly start: number
  readonly items: readonly ConfigNode[]
}

export interface ScalarNode {
  readonly kind: 'scalar'
  readonly start: number
  /** As it is written, so that 3.20 stays 3.20; without quotes. */
  readonly text: string
  /** Does it stand there without quotes? */
  readonly plain: boolean
  /** What YAML takes it for. */
  readonly type: 'text' | 'number' | 'boolean' | 'null'
}

/** Something wrong in a configuration. */
export interface Problem {
  readonly message: string
  readonly hint?: string | undefined
  readonly start: number
  /** Letters that are wrong; at least one is marked. */
  readonly length: number
}

/** Takes a problem, so that a person sees all of them at once. */
export type Complain = (problem: Problem) => void

/** Is nothing there: `ignore:` with all its entries commented out? */
export function isNothing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.type === 'null'
}

/** `a text`, `a list`: what stands there, for messages. */
export function kindOf(node: ConfigNode): string {
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'list') return 'a list'
  if (node.type === 'null') return 'nothing'
  return node.type === 'boolean' ? node.text : `a ${node.type}`
}

/** Letters to mark for a node: of a map or list only its beginning is told. */
export function lengthOf(node: ConfigNode): number {
  return node.kind === 'scalar' && !node.text.includes('\n') ? node.text.length + (node.plain ? 0 : 2) : 1
}
