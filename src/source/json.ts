import {ImageError} from '../model/errors.js'
import {jsonShape} from '../model/json-shape.js'
import {limits} from '../model/limits.js'

/** A JSON value from a stranger, read field by field; every error names the document and the field. */
export class JsonValue {
  readonly #value: unknown
  readonly where: string

  constructor(value: unknown, where: string) {
    this.#value = value
    this.where = where
  }

  get isMissing(): boolean {
    return this.#value === undefined || this.#value === null
  }

  /** Own fields only: `__proto__` is a name like any other. */
  field(name: string): JsonValue {
    const value = this.#value
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    if (!isObject && !this.isMissing) throw this.#not('an object')
    const found = isObject && Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
    return new JsonValue(found, `${this.where}, ${name}`)
  }

  /** The elements; a missing array is empty. */
  items(): readonly JsonValue[] {
    if (this.isMissing) return []
    if (!Array.isArray(this.#value)) throw this.#not('an array')
    return this.#value.map((item, index) => new JsonValue(item, `${this.where}[${index}]`))
  }

  /** Name and value of every own field; a missing object has none. */
  entries(): readonly (readonly [string, JsonValue])[] {
    if (this.isMissing) return []
    if (typeof this.#value !== 'object' || Array.isArray(this.#value)) throw this.#not('an object')
    return Object.entries(this.#value as object).map(([name, value]) => [
      name,
      new JsonValue(value, `${this.where}, ${name}`),
    ])
  }

  /** A text; '' where it is missing. */
  text(): string {
    if (this.isMissing) return ''
    if (typeof this.#value !== 'string') throw this.#not('a text')
    return this.#value
  }

  /** A whole number of bytes, or null where it is missing. */
  bytes(): number | null {
    if (this.isMissing) return null
    if (!Number.isSafeInteger(this.#value) || (this.#value as number) < 0) throw this.#not('a number of bytes')
    return this.#value as number
  }

  /** Elements of an array, 0 where it is none: {@link items} makes an object of each. */
  length(): number {
    return Array.isArray(this.#value) ? this.#value.length : 0
  }

  isTrue(): boolean {
    return this.#value === true
  }

  isArray(): boolean {
    return Array.isArray(this.#value)
  }

  #not(kind: string): ImageError {
    return new ImageError('IMAGE_BAD_MANIFEST', `${this.where} is not ${kind}`, {
      hint: 'The image is malformed. Save or pull it again.',
    })
  }
}

/**
 * @param where names the document: `manifest.json of app.tar`
 * @throws {ImageError} IMAGE_BAD_JSON for what is not UTF-8 JSON, or is nested deeper than {@link limits.jsonDepth}
 */
export function parseJson(bytes: Uint8Array, where: string): JsonValue {
  const hint = 'The image is malformed. Save or pull it again.'
  if (jsonShape(bytes).depth > limits.jsonDepth) {
    throw new ImageError('IMAGE_BAD_JSON', `${where} is nested more than ${limits.jsonDepth} levels deep`, {hint})
  }
  try {
    return new JsonValue(JSON.parse(new TextDecoder('utf-8', {fatal: true}).decode(bytes)), where)
  } catch (cause) {
    throw new ImageError('IMAGE_BAD_JSON', `${where} is not JSON`, {hint, cause})
  }
}
