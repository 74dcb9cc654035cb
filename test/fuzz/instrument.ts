import {parseAst} from 'vite'

type Node = {readonly type: string; readonly start: number; readonly end: number} & Readonly<Record<string, unknown>>

/** Text that goes in at a place; of several at one place the first stands outermost. */
interface Insertion {
  readonly at: number
  readonly text: string
}

/**
 * Makes every branch of a module count: each function, block, arm of a condition and right side of `&&`, `||` and `??`
 * adds one to a number of its own in the global `hits`.
 * @param code JavaScript
 * @param nextID gives numbers that no other module has
 */
export function instrument(code: string, nextID: () => number): string {
  const insertions: Insertion[] = []
  const count = () => `hits[${nextID()}]++`
  const wrap = ({start, end}: Node) => {
    insertions.push({at: start, text: `(${count()},(`}, {at: end, text: '))'})
  }
  visit(parseAst(code) as unknown as Node, node => {
    switch (node.type) {
      case 'BlockStatement':
        insertions.push({at: node.start + 1, text: `${count()};`})
        break
      case 'SwitchCase':
        if (isStatement(firstOf(node['consequent'])))
          insertions.push({at: firstOf(node['consequent']).start, text: `${count()};`})
        break
      case 'ArrowFunctionExpression':
        if ((node['body'] as Node).type !== 'BlockStatement') wrap(node['body'] as Node)
        break
      case 'ConditionalExpression':
        wrap(node['consequent'] as Node)
        wrap(node['alternate'] as Node)
        break
      case 'LogicalExpression':
        wrap(node['right'] as Node)
        break
      case 'IfStatement':
        for (const arm of [node['consequent'], node['alternate']] as (Node | null)[]) embrace(arm)
        break
      case 'ForStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
        embrace(node['body'] as Node)
    }
  })
  return applied(code, insertions)

  /** A block of its own for a statement that has none. */
  function embrace(statement: Node | null): void {
    if (statement === null || statement.type === 'BlockStatement') return
    insertions.push({at: statement.start, text: `{${count()};`}, {at: statement.end, text: '}'})
  }
}

function firstOf(list: unknown): Node {
  return (list as Node[])[0] as Node
}

function isStatement(node: Node | undefined): node is Node {
  return node !== undefined
}

function visit(node: Node, enter: (node: Node) => void): void {
  enter(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && typeof (child as Node).type === 'string')
        visit(child as Node, enter)
    }
  }
}

/** Outer nodes are visited first: at one place what they open stands before, and what they close behind. */
function applied(code: string, insertions: readonly Insertion[]): string {
  const opens = new Map<number, string>()
  const closes = new Map<number, string>()
  for (const {at, text} of insertions) {
    if (text === '))' || text === '}') closes.set(at, text + (closes.get(at) ?? ''))
    else opens.set(at, (opens.get(at) ?? '') + text)
  }
  let result = ''
  let last = 0
  for (const at of [...new Set([...opens.keys(), ...closes.keys()])].sort((a, b) => a - b)) {
    result += code.slice(last, at) + (closes.get(at) ?? '') + (opens.get(at) ?? '')
    last = at
  }
  return result + code.slice(last)
}
