import {closeSync, openSync, readdirSync, readSync, type Stats} from 'node:fs'
import {isAbsolute, join} from 'node:path'
import {PitonError, SourceError, UsageError} from '../model/errors.js'
import {limits} from '../model/limits.js'
import {statOf} from '../source/file.js'
import type {StandardInput} from '../source/index.js'
import {ociMarker} from '../source/oci.js'
import {parseTarget} from '../source/target.js'

/** Targets that one run scans. */
export interface TargetList {
  /** Each once, in the order in which they were named. */
  readonly targets: readonly string[]
  /** Files of a folder: some of them may be no images. */
  readonly isFolder: boolean
}

/**
 * Targets one a line, without blank lines and lines that begin with `#`; of a folder the files in it, and the OCI
 * layouts.
 * @param from a file, a folder, or `-` for standard input
 * @throws {SourceError}, {UsageError}
 */
export async function readTargets(from: string, input: StandardInput): Promise<TargetList> {
  const stat = from === '-' ? null : statOf(from)
  const isFolder = stat?.isDirectory() === true
  const named = isFolder ? inFolder(from) : linesOf(from === '-' ? await readInput(input) : readFile(from))
  const targets = [...new Set(named)]
  if (targets.length === 0) {
    const what = isFolder ? 'has no file in it' : 'names no target'
    throw new SourceError('SOURCE_EMPTY', `${shown(from)} ${what}`, {hint: 'Write one target a line.'})
  }
  if (targets.length > limits.targets) {
    throw new UsageError('USAGE', `${shown(from)} names ${targets.length} targets; ${limits.targets} is the limit`, {
      hint: 'Make several lists of it.',
    })
  }
  return {targets, isFolder}
}

function shown(from: string): string {
  return from === '-' ? 'standard input' : from
}

function linesOf(bytes: Uint8Array): readonly string[] {
  const lines = new TextDecoder().decode(bytes).split('\n')
  return lines.map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
}

/** What nobody can look at, as a loop of links, is none of the targets of a folder. */
function lookedAt(path: string): Stats | null {
  try {
    return statOf(path)
  } catch {
    return null
  }
}

/** What may be an image: files, and folders that are OCI layouts; hidden ones are somebody else's. */
function inFolder(folder: string): readonly string[] {
  const names = readdirSync(folder, {withFileTypes: true}).filter(({name}) => !name.startsWith('.'))
  const paths = names.map(({name}) => join(folder, name)).sort()
  const images = paths.filter(path => {
    const stat = lookedAt(path)
    if (stat?.isDirectory() === true) return lookedAt(join(path, ociMarker)) !== null
    return stat?.isFile() === true
  })
  return images.map(asPath)
}

/** A path that no scheme begins, and that is not `-`. */
function asPath(path: string): string {
  return isAbsolute(path) || path.startsWith('.') || (parseTarget(path).scheme === null && path !== '-')
    ? path
    : `./${path}`
}

async function readInput({isTerminal, file, chunks}: StandardInput): Promise<Uint8Array> {
  if (file !== null) return readAt(file.fd, 'standard input')
  if (isTerminal) {
    throw new UsageError('USAGE', 'standard input is the terminal', {hint: 'Pipe the list in, or name a file.'})
  }
  const parts: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of chunks()) {
    bytes += chunk.length
    if (bytes > limits.targetListBytes) throw tooLarge('standard input')
    parts.push(chunk)
  }
  return Buffer.concat(parts)
}

function readFile(path: string): Uint8Array {
  let fd: number | null = null
  try {
    fd = openSync(path, 'r')
    return readAt(fd, path)
  } catch (cause) {
    if (cause instanceof PitonError) throw cause
    const {code} = cause as NodeJS.ErrnoException
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR'
    throw new SourceError(
      isMissing ? 'SOURCE_NOT_FOUND' : 'SOURCE_UNREADABLE',
      isMissing ? `${path} does not exist` : `cannot read ${path}: ${code}`,
      {hint: '--from names a file with one target a line, or a folder of images.', cause},
    )
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

/** Also what has no size, as a pipe that the shell has named. */
function readAt(fd: number, name: string): Uint8Array {
  const bytes = Buffer.alloc(limits.targetListBytes + 1)
  let filled = 0
  for (;;) {
    const count = readSync(fd, bytes, filled, bytes.length - filled, null)
    filled += count
    if (filled > limits.targetListBytes) throw tooLarge(name)
    if (count === 0) return bytes.subarray(0, filled)
  }
}

function tooLarge(name: string): UsageError {
  return new UsageError('USAGE', `${name} has more than ${limits.targetListBytes} bytes: it is no list of targets`, {
    hint: 'Write one target a line.',
  })
}
