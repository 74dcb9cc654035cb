import {readdirSync, readFileSync, statSync} from 'node:fs'
import {join} from 'node:path'
import {DockerfileError} from '../dockerfile/error.js'
import type {DockerfileSearch, DockerfileText} from '../dockerfile/index.js'
import {UsageError} from '../model/errors.js'
import type {Report} from '../model/report.js'
import {grouped} from '../model/text.js'
import type {PlacementOptions} from './placement-flags.js'
import {repositoryPath} from './repository.js'

/** The largest in public repositories have under 200,000 bytes. */
const limitBytes = 4 * 1024 * 1024
/** Files that are tried where none is named: a repository of many services has some dozen. */
const nearbyFiles = 24

/** A Dockerfile of this machine. */
export interface FoundDockerfile extends DockerfileText {
  /** Where it was read. */
  readonly onDisk: string
}

/** A search on this machine. */
export interface FoundSearch extends DockerfileSearch {
  readonly given: FoundDockerfile | null
  readonly find: (labelled: string | null) => readonly FoundDockerfile[]
}

/** What `--dockerfile` and `--target` ask for; where none is named, those nearby are tried. */
export function dockerfileSearch({dockerfile, stage}: Pick<PlacementOptions, 'dockerfile' | 'stage'>): FoundSearch {
  return {
    given: dockerfile === undefined ? null : readGiven(dockerfile),
    find: labelled => nearby(labelled).flatMap(path => readNearby(path) ?? []),
    target: stage ?? null,
  }
}

/**
 * `FILE[:LINE]` of `--sarif-location`.
 * @throws {UsageError} where it is no place in a repository
 */
export function fallbackLocation(text: string | undefined): Report['fallbackLocation'] {
  if (text === undefined) return null
  const [, file = '', digits] = /^(.*?)(?::(\d+))?$/s.exec(text) ?? []
  const line = digits === undefined ? 1 : Number(digits)
  if (file === '' || line < 1 || line > 1e6) {
    throw new UsageError('USAGE', `--sarif-location ${JSON.stringify(text)} is no place in a file`, {
      hint: 'Write FILE or FILE:LINE, such as deploy/app.yaml:12.',
    })
  }
  return {file: repositoryPath(file), line}
}

function readGiven(path: string): FoundDockerfile {
  const stat = statOf(path)
  const wrong = stat === undefined ? 'there is no such file' : stat.isFile() ? null : 'it is not a file'
  if (wrong !== null) throw unreadable(path, wrong)
  if (stat !== undefined && stat.size > limitBytes) {
    throw new DockerfileError(
      'DOCKERFILE_LIMIT',
      `${path} has ${grouped(stat.size)} bytes; ${grouped(limitBytes)} is the limit for a Dockerfile`,
    )
  }
  try {
    return {path: repositoryPath(path), text: readFileSync(path, 'utf8'), onDisk: path}
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? 'unknown error', error)
  }
}

function statOf(path: string) {
  try {
    return statSync(path, {throwIfNoEntry: false})
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? 'unknown error', error)
  }
}

function unreadable(path: string, why: string, cause?: unknown): DockerfileError {
  return new DockerfileError('DOCKERFILE_UNREADABLE', `cannot read the Dockerfile ${path}: ${why}`, {
    hint: 'Name the Dockerfile that the image was built from, or leave --dockerfile out.',
    cause,
  })
}

/** The usual names here, then in the folders here; the one that a label names stands first. Links are not followed. */
function nearby(labelled: string | null): readonly string[] {
  const here = list('.')
  const names = ['Dockerfile', 'Containerfile'].filter(name => here.files.includes(name))
  const others = here.files.filter(name => isDockerfile(name) && !names.includes(name))
  const below = here.folders.flatMap(folder => {
    const {files} = list(folder)
    return files.filter(isDockerfile).map(name => join(folder, name))
  })
  const all = [...names, ...others, ...below]
  const first = labelled === null ? [] : all.filter(path => path === labelled.replace(/^\.?\//, ''))
  return [...new Set([...first, ...all])].slice(0, nearbyFiles)
}

function isDockerfile(name: string): boolean {
  return /^(?:Docker|Container)file|\.(?:Docker|Container)file$/i.test(name) && !name.endsWith('.dockerignore')
}

/** Folders of a working folder that may be anything: a home, a mount point, the root of a system. */
const foldersListed = 200

function list(folder: string): {readonly files: readonly string[]; readonly folders: readonly string[]} {
  try {
    const entries = readdirSync(folder, {withFileTypes: true})
    const named = (wanted: (typeof entries)[number][]) => wanted.map(({name}) => name).sort()
    return {
      files: named(entries.filter(entry => entry.isFile())),
      folders: named(
        entries.filter(entry => entry.isDirectory() && entry.name !== 'node_modules' && !entry.name.startsWith('.')),
      ).slice(0, foldersListed),
    }
  } catch {
    // Not ours to read: then nothing is found there.
    return {files: [], folders: []}
  }
}

/** One that nobody named is passed over where it cannot be read. */
function readNearby(path: string): FoundDockerfile | null {
  try {
    if (statSync(path).size > limitBytes) return null
    return {path: repositoryPath(path), text: readFileSync(path, 'utf8'), onDisk: path}
  } catch {
    return null
  }
}
