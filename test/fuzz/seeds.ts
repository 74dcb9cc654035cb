import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {shared} from '../support/shared.js'

/** Files of a folder beside the repository whose names fit, up to a size; none where it is not there. */
export function* sharedFiles(folder: string, names: RegExp, mostBytes = 64 * 1024): Generator<Uint8Array> {
  const path = shared(folder)
  if (path === null) return
  for (const name of readdirSync(path).sort()) {
    const file = join(path, name)
    if (names.test(name) && statSync(file).isFile() && statSync(file).size <= mostBytes) yield readFileSync(file)
  }
}

const partHeader = 2

/** Several inputs as one: each with its length before it. */
export function pack(parts: readonly (string | Uint8Array)[]): Uint8Array {
  return Buffer.concat(
    parts.flatMap(part => {
      const body = Buffer.from(part)
      const length = Buffer.alloc(partHeader)
      length.writeUInt16LE(Math.min(body.length, 0xffff))
      return [length, body.subarray(0, 0xffff)]
    }),
  )
}

/** What {@link pack} made one, however it was changed since: at most `most` parts, as views. */
export function unpack(input: Uint8Array, most: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  for (let at = 0; at + partHeader <= input.length && parts.length < most; ) {
    const length = (input[at] as number) | ((input[at + 1] as number) << 8)
    const start = at + partHeader
    parts.push(input.subarray(start, start + length))
    at = start + length
  }
  return parts
}
