import {PitonError} from '../../model/errors.js'
import {suggestion} from '../closest.js'
import {type Complain, type ConfigNode, isNothing, kindOf, lengthOf} from './node.js'

/** A part of JSON Schema, for editors. */
export type JsonSchema = Readonly<Record<string, unknown>>

/** What a value has to look like: read from a file, and described for editors, by one thing. */
export interface Shape<Value> {
  readonly schema: JsonSchema
  /** undefined where it is wrong, which has been said. */
  read(node: ConfigNode, complain: Complain): Value | undefined
}

/** A text that stands somewhere, for what has to name its place later. */
export interface Placed<Value> {
  readonly value: Value
  readonly start: number
}

/** Any shape, with words for editors. */
export function described<Value>(description: string, shape: Shape<Value>): Shape<Value> {
  return {...shape, schema: {description, ...shape.schema}}
}

/**
 * A text. What YAML takes for a number or a truth value is a text too: `alpine: 3.20`.
 * @param check refuses by throwing a PitonError, whose excerpt marks a part of the text
 */
export function text(check: (text: string) => void = () => {}, schema: JsonSchema = {}): Shape<string> {
  return {
    schema: {type: ['string', 'number'], ...schema},
    read(node, complain) {
      if (node.kind !== 'scalar' || isNothing(node)) return wrongKind(node, 'a text', complain)
      try {
        check(node.text)
        return node.text
      } catch (error) {
        if (!(error instanceof PitonError)) throw error
        const {excerpt, message, hint} = error
        const isExact = excerpt !== undefined && node.plain && !node.text.includes('\n')
        complain({
          message,
          hint,
          start: node.start + (isExact ? excerpt.column : 0),
          length: isExact ? excerpt.length : lengthOf(node),
        })
        return undefined
      }
    },
  }
}

/** One of these words. */
export function choice<Word extends string>(words: readonly Word[]): Shape<Word> {
  return {
    schema: {enum: words},
    read(node, complain) {
      const written = node.kind === 'scalar' ? node.text : ''
      const word = words.find(known => known === written)
      if (word !== undefined) return word
      if (node.kind !== 'scalar' || written === '') return wrongKind(node, `one of ${words.join(', ')}`, complain)
      const message = `${JSON.stringify(written)} is none of ${words.join(', ')}`
      complain({message, hint: meant(written, words), start: node.start, length: lengthOf(node)})
      return undefined
    },
  }
}

/** true or false. */
export const truth: Shape<boolean> = {
  schema: {type: 'boolean'},
  read(node, complain) {
    if (node.kind === 'scalar' && node.type === 'boolean') return node.text.toLowerCase() === 'true'
    return wrongKind(node, 'true or false', complain)
  },
}

/** Nothing is read as if something stood there. */
export function orNothing<Value>(shape: Shape<Value>, instead: ConfigNode): Shape<Value> {
  return {...shape, read: (node, complain) => shape.read(isNothing(node) ? instead : node, complain)}
}

/** Several values, or one that stands alone. */
export function oneOrMore<Value>(item: Shape<Value>): Shape<readonly Value[]> {
  const several = list(item)
  return {
    schema: {anyOf: [item.schema, several.schema]},
    read(node, complain) {
      if (node.kind === 'list' || isNothing(node)) return several.read(node, complain)
      const value = item.read(node, complain)
      return value === undefined ? undefined : [value]
    },
  }
}

/** A list; nothing is an empty one. */
export function list<Value>(item: Shape<Value>): Shape<readonly Value[]> {
  return {
    schema: {type: ['array', 'null'], items: item.schema},
    read(node, complain) {
      if (isNothing(node)) return []
      if (node.kind !== 'list') return wrongKind(node, 'a list', complain)
      const values = node.items.map(one => item.read(one, complain))
      return values.includes(undefined) ? undefined : (values as Value[])
    },
  }
}

/** A map with names of the writer's own choosing; nothing is an empty one. */
export function record<Value>(
  value: Shape<Value>,
  checkName: (name: string) => void = () => {},
  schema: JsonSchema = {},
): Shape<ReadonlyMap<string, Value>> {
  const name = text(checkName)
  return {
    schema: {type: ['object', 'null'], additionalProperties: value.schema, ...schema},
    read(node, complain) {
      if (isNothing(node)) return new Map()
      if (node.kind !== 'map') return wrongKind(node, 'a map', complain)
      const entries = node.entries.map(({key, start, value: one}): [string | undefined, Value | undefined] => {
        const scalar: ConfigNode = {kind: 'scalar', start, text: key, plain: true, type: 'text'}
        return [name.read(scalar, complain), value.read(one, complain)]
      })
      return entries.flat().includes(undefined) ? undefined : new Map(entries as [string, Value][])
    },
  }
}

/** What is known of the keys of a map: those that are wrong or missing are said, others are what stands there. */
export type Fields = Readonly<Record<string, Shape<unknown>>>
export type ValuesOf<Shapes extends Fields> = {
  readonly [Key in keyof Shapes]?: Placed<Shapes[Key] extends Shape<infer Value> ? Value : never>
}

/**
 * A map of these keys and no others.
 * @param finish checks what one key alone cannot tell; throws nothing, complains
 */
export function fields<Shapes extends Fields, Value>(
  shapes: Shapes,
  finish: (values: ValuesOf<Shapes>, start: number, complain: Complain) => Value | undefined,
  schema: JsonSchema = {},
): Shape<Value> {
  const names = Object.keys(shapes)
  const properties = Object.fromEntries(names.map(name => [name, shapes[name]?.schema]))
  return {
    schema: {type: 'object', additionalProperties: false, properties, ...schema},
    read(node, complain) {
      if (node.kind !== 'map') return wrongKind(node, 'a map', complain)
      const values = new Map<string, Placed<unknown>>()
      let complete = true
      for (const {key, start, value} of node.entries) {
        if (!Object.hasOwn(shapes, key)) {
          const message = `unknown key ${JSON.stringify(key)}`
          complain({message, hint: meant(key, names), start, length: key.length})
          complete = false
          continue
        }
        const read = shapes[key]?.read(value, complain)
        if (read === undefined) complete = false
        else values.set(key, {value: read, start: value.start})
      }
      return complete ? finish(Object.fromEntries(values) as ValuesOf<Shapes>, node.start, complain) : undefined
    },
  }
}

function wrongKind(node: ConfigNode, wanted: string, complain: Complain): undefined {
  complain({message: `${wanted} should stand here, not ${kindOf(node)}`, start: node.start, length: lengthOf(node)})
  return undefined
}

/** Many keys are too many to list: then only what was probably meant is said. */
function meant(word: string, words: readonly string[]): string | undefined {
  const text = suggestion(word, words)
  return words.length > 12 && !text.startsWith('Did') ? undefined : text
}
