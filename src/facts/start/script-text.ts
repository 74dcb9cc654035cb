import type {ImageConfig} from '../../model/image.js'
import {plainCodec} from '../../model/stored.js'
import type {FileNode} from '../../model/tree.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {parseShebang, shebangBytes} from '../shebang.js'
import {decodeText} from '../text.js'
import {limits} from './limits.js'
import {isShell} from './shells.js'

/** Read by other scripts, without being started: `. /docker-entrypoint.d/20-envsubst.envsh`. */
const sourced = /\.(?:sh|bash|envsh)$/

/**
 * Keeps the text of shell scripts: of those that can be executed, of those that the image configuration names, and of
 * what other scripts read. A file is read once, as its layer goes by: which of them are needed is known only later.
 */
export function scriptTexts(config: ImageConfig): readonly Collector<string>[] {
  const named = namedFiles(config)
  let kept = 0
  const keep = (text: string) => (kept++ < limits.scripts ? text : undefined)
  return [
    {
      ...executed,
      read(body) {
        const shebang = parseShebang(body.read(0, shebangBytes))
        if (shebang === null || !isShellLine(shebang.line)) return undefined
        return keep(decodeText(body.read(0, limits.scriptBytes)))
      },
    },
    {
      ...given,
      variant: JSON.stringify([...named].sort()),
      wants: ({path, mode, size}) =>
        size <= limits.scriptBytes && (named.has(baseName(path)) || ((mode & 0o111) === 0 && sourced.test(path))),
      read(body) {
        const bytes = body.read(0, limits.scriptBytes)
        return bytes.subarray(0, shebangBytes).includes(0) ? undefined : keep(decodeText(bytes))
      },
    },
  ]
}

/** The text of a script; undefined where it was not kept. */
export function scriptTextOf(file: FileNode, view: RootView): string | undefined {
  return view.found(file, executed) ?? view.found(file, given)
}

const executed: Collector<string> = {
  name: 'executedScript',
  wants: ({mode, size}) => (mode & 0o111) !== 0 && size <= limits.scriptBytes,
  magic: new Uint8Array([0x23, 0x21]),
  limitBytes: limits.scriptBytes,
  read: () => undefined,
  codec: plainCodec(),
}

const given: Collector<string> = {
  name: 'givenScript',
  wants: () => false,
  limitBytes: limits.scriptBytes,
  read: () => undefined,
  codec: plainCodec(),
}

/** `/bin/sh -e`, `/usr/bin/env bash`, `/usr/bin/with-contenv bash`. */
function isShellLine(line: string): boolean {
  return line.split(/[ \t]+/).some(word => isShell(baseName(word)))
}

/** Everything in the command that may be the name of a file. */
function namedFiles({entrypoint, cmd}: ImageConfig): ReadonlySet<string> {
  return new Set([...entrypoint, ...cmd].flatMap(text => text.split(/[^\w.@+-]+/)).filter(word => word !== ''))
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}
