import {createHash} from 'node:crypto'
import type {ByteSource} from '../model/bytes.js'
import type {ModifiedFile} from '../model/facts.js'
import {limits} from '../model/limits.js'
import type {InstalledPackage, OwnedFile} from '../model/package.js'
import {plainCodec} from '../model/stored.js'
import {compareText} from '../model/text.js'
import type {Node} from '../model/tree.js'
import type {Collector, RootView} from '../rootfs/index.js'
import {ownedPaths} from './owners.js'

/**
 * What is expected to change after the install: configuration, which apk protects from itself, and what programs and
 * users write. Scripts that start services, and the keys that apk trusts, are neither.
 */
const changes = /^(?:etc\/(?!init\.d\/|apk\/keys\/)|(?:dev|home|proc|root|run|srv|sys|tmp|var)\/)/

const chunkBytes = 256 * 1024
/** apk keeps so many bytes of a digest, of whatever algorithm. */
const keptBytes = 20

type Digests = Readonly<Record<NonNullable<OwnedFile['checksum']>['algorithm'], string>>

/** Digests of every file that a package may own: which ones do, and by which algorithm, the database says later. */
export const fileDigests: Collector<Digests> = {
  name: 'fileDigests',
  wants: ({path}) => !changes.test(path),
  limitBytes: limits.elfBytes,
  read(body, {path, size}, warn) {
    if (body.sizeBytes < size) {
      const message = `${path} has ${size} bytes, more than are compared with its package's checksum`
      warn({code: 'LIMIT_FILE_SIZE', path, message, hides: true})
      return undefined
    }
    return digestsOf(chunksOf(body))
  },
  codec: plainCodec(),
}

/**
 * Files whose content differs from the checksum that their package was installed with, by path. A file that is not
 * there any more is none of them, nor is what is expected to change.
 */
export function modifiedFiles(packages: readonly InstalledPackage[], view: RootView): ModifiedFile[] {
  const modified = new Map<string, ModifiedFile>()
  const intact = new Set<string>()
  for (const {path, file, package: owner} of ownedPaths(packages, view)) {
    if (file.checksum === null || changes.test(path)) continue
    const found = view.resolve(path, 'keep')
    if (typeof found === 'string') continue
    const {node} = found
    const actual = digestsOfNode(node)?.[file.checksum.algorithm]
    if (actual === undefined) continue
    // Where several packages list a path, the last one installed wrote it.
    if (actual === file.checksum.hex) intact.add(path)
    else
      modified.set(path, {
        path,
        layer: node.layer,
        package: owner.name,
        isLink: node.type === 'symlink',
        expected: file.checksum,
        actual,
      })
  }
  return [...modified.values()].filter(({path}) => !intact.has(path)).sort((a, b) => compareText(a.path, b.path))
}

/** Of a link apk keeps the checksum of its target's text. What was not read, or is neither, has none. */
function digestsOfNode(node: Node): Digests | undefined {
  if (node.type === 'symlink') return digestsOf([Buffer.from(node.target)])
  return node.type === 'file' ? (node.content.found.get(fileDigests.name) as Digests | undefined) : undefined
}

function digestsOf(chunks: Iterable<Uint8Array>): Digests {
  const [sha1, sha256] = [createHash('sha1'), createHash('sha256')]
  for (const chunk of chunks) {
    sha1.update(chunk)
    sha256.update(chunk)
  }
  return {sha1: sha1.digest('hex'), 'sha256-160': sha256.digest().toString('hex', 0, keptBytes)}
}

function* chunksOf(body: ByteSource): Generator<Uint8Array> {
  for (let at = 0; at < body.sizeBytes; at += chunkBytes) yield body.read(at, chunkBytes)
}
