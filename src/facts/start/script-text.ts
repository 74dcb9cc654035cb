import {posix} from 'node:path'
import type {ImageConfig} from '../../model/image.js'
import {plainCodec} from '../../model/stored.js'
import type {FileContent, FileNode} from '../../model/tree.js'
import type {Collector, RootView} from '../../rootfs/index.js'
import {elfFile} from '../elf-collector.js'
import {script} from '../scripts.js'
import {parseShebang, shebangBytes} from '../shebang.js'
import {decodeText} from '../text.js'
import {limits} from './limits.js'
import {isShell} from './shells.js'

/** Text of a script; undefined where it was not kept. */
export type ScriptTexts = (file: FileNode) => string | undefined

/**
 * Keep the text of shell scripts: of those that can be executed, and of those that others read. A file is read once, as
 * its layer goes by: which of them are needed is known only when all layers are one.
 */
export function scriptCollectors(): readonly Collector<string>[] {
  let left: number = limits.allScriptsBytes
  const keep = (text: string) => {
    left -= text.length
    return left < 0 ? undefined : text
  }
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
      ...sourced,
      read(body) {
        const bytes = body.read(0, limits.scriptBytes)
        return isText(bytes) ? keep(decodeText(bytes)) : undefined
      },
    },
  ]
}

/** The texts that were kept, and those of files that the command of the image names and nobody had kept. */
export async function readScripts(view: RootView, config: ImageConfig): Promise<ScriptTexts> {
  const known: ScriptTexts = file => view.found(file, executed) ?? view.found(file, sourced)
  const others = new Map<FileContent, string>()
  for (const path of namedFiles(config)) {
    const found = view.resolve(path)
    if (typeof found === 'string' || found.node.type !== 'file' || found.node.size > limits.scriptBytes) continue
    const {node} = found
    if (known(node) !== undefined || others.has(node.content) || isOther(node, view)) continue
    const text = await view.read(node, named)
    if (text !== undefined) others.set(node.content, text)
  }
  return file => known(file) ?? others.get(file.content)
}

const executed: Collector<string> = {
  name: 'executedScript',
  wants: ({mode, size}) => (mode & 0o111) !== 0 && size <= limits.scriptBytes,
  magic: new Uint8Array([0x23, 0x21]),
  limitBytes: limits.scriptBytes,
  read: () => undefined,
  codec: plainCodec(),
}

/** Read without being started: `. /docker-entrypoint.d/20-envsubst.envsh`. */
const sourced: Collector<string> = {
  name: 'sourcedScript',
  wants: ({path, mode, size}) =>
    (mode & 0o111) === 0 && size <= limits.scriptBytes && /\.(?:sh|bash|envsh)$/.test(path),
  limitBytes: limits.scriptBytes,
  read: () => undefined,
  codec: plainCodec(),
}

const named: Collector<string> = {
  name: 'namedScript',
  wants: () => false,
  limitBytes: limits.scriptBytes,
  read(body) {
    const bytes = body.read(0, limits.scriptBytes)
    return isText(bytes) ? decodeText(bytes) : undefined
  },
  codec: plainCodec(),
}

/** A program, or a script of another language. */
function isOther(node: FileNode, view: RootView): boolean {
  return view.found(node, elfFile) !== undefined || view.found(node, script) !== undefined
}

function isText(bytes: Uint8Array): boolean {
  return !bytes.subarray(0, shebangBytes).includes(0)
}

/** `/bin/sh -e`, `/usr/bin/env bash`, `/usr/bin/with-contenv bash`. */
function isShellLine(line: string): boolean {
  return line.split(/[ \t]+/).some(word => isShell(word.slice(word.lastIndexOf('/') + 1)))
}

/** Words of a command that are looked at: it can be a whole script. */
const wordsTried = 200

/** Everything in the command that may be a file which a shell is to read: `sh start`, `sh -c '. ./start && …'`. */
function namedFiles({entrypoint, cmd, workingDir}: ImageConfig): ReadonlySet<string> {
  const words = [...entrypoint, ...cmd].slice(0, wordsTried)
  if (!words.some(word => isShellLine(word))) return new Set()
  const files = words.flatMap(text => text.split(/[\s;&|<>()'"`]+/)).filter(word => word !== '')
  return new Set(files.slice(0, wordsTried).map(word => posix.resolve('/', workingDir, word)))
}
