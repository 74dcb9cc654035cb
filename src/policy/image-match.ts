import {imageRepository} from '../model/image-name.js'
import type {JudgeContext} from './judge.js'

/** Prefixes that Docker leaves out when it shows a name. */
const dockerPrefixes = ['docker.io/library/', 'index.docker.io/library/', 'docker.io/', 'index.docker.io/']

/**
 * Every text that a person may call the image by: its name with and without tag and digest, with and without Docker Hub's
 * own prefix, its id, its manifest's digest, and the reference that was scanned.
 */
export function imageNames({reference, name, imageID, manifestDigest}: JudgeContext['target']): ReadonlySet<string> {
  const names = new Set<string>([reference])
  for (const digest of [imageID, manifestDigest]) if (digest !== null) names.add(digest)
  if (name === null) return names
  for (const full of [name, ...dockerPrefixes.flatMap(prefix => withoutPrefix(name, prefix))]) {
    const repository = imageRepository(full)
    names.add(full).add(repository)
    if (manifestDigest !== null) names.add(`${repository}@${manifestDigest}`)
  }
  return names
}

/** The name as Docker would show it: `docker.io/library/alpine` is `alpine`. */
export function shortImageName(name: string): string {
  for (const prefix of dockerPrefixes) if (name.startsWith(prefix)) return name.slice(prefix.length)
  return name
}

function withoutPrefix(name: string, prefix: string): string[] {
  return name.startsWith(prefix) ? [name.slice(prefix.length)] : []
}
