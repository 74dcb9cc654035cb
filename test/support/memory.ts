import {openEntry, sealEntry} from '../../src/cache/entry.js'
import type {Codec, Memory} from '../../src/model/stored.js'

/** Remembers in the process what a cache folder would keep in files, by way of the same bytes. */
export class TestMemory implements Memory {
  readonly #entries = new Map<string, Buffer>()
  readonly recalled: string[] = []
  readonly kept: string[] = []

  recall<Value>(key: string, codec: Codec<Value>): Value | null {
    const file = this.#entries.get(key)
    const entry = file === undefined ? null : openEntry(file, key, codec)
    if (file !== undefined && entry === null) throw new Error(`the entry of ${key} cannot be read`)
    if (entry !== null) this.recalled.push(key)
    return entry?.value ?? null
  }

  keep<Value>(key: string, value: Value, codec: Codec<Value>): void {
    this.kept.push(key)
    this.#entries.set(key, Buffer.concat(sealEntry(key, value, codec)))
  }
}
