import {type Digest, parseDigest} from '../model/digest.js'
import {UsageError} from '../model/errors.js'

/** The name of an image in a registry, with everything that Docker would fill in. */
export interface Reference {
  /** `host[:port]`; Docker Hub is `docker.io`. */
  readonly registry: string
  /** `library/alpine` */
  readonly repository: string
  readonly tag: string | null
  /** Wins over the tag. */
  readonly digest: Digest | null
  /** As people write it: without `docker.io`, `library` and `latest` where nothing is lost. */
  readonly name: string
}

const hub = 'docker.io'
const defaultTag = 'latest'

const hostPattern = /^(?:[a-zA-Z0-9-]+(?:\.[a-zA-Z0-9-]+)*|\[[a-fA-F0-9:]+\])(?::[0-9]{1,5})?$/
const componentPattern = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/
const tagPattern = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/
/** Of a registry and a repository together: the limit of the distribution project. */
const longestName = 255

/**
 * Reads `[HOST[:PORT]/]PATH[:TAG][@DIGEST]` as Docker does: what stands before the first slash is a host if it has a dot
 * or a colon, or is `localhost`.
 * @see distribution/reference, "Grammar"
 * @throws {UsageError} USAGE_REFERENCE
 */
export function parseReference(text: string): Reference {
  if (/^[a-z]+:\/\//.test(text)) throw bad(text, 'it is an address', 'Leave out https://.')
  const at = text.indexOf('@')
  const [named, digestText] = at < 0 ? [text, null] : [text.slice(0, at), text.slice(at + 1)]
  const colon = named.lastIndexOf(':')
  const hasTag = colon > named.lastIndexOf('/')
  const [path, tagText] = hasTag ? [named.slice(0, colon), named.slice(colon + 1)] : [named, null]
  const digest = digestText === null ? null : digestOf(text, digestText)
  const {registry, repository} = splitHost(path)
  checkName(text, registry, repository)
  if (tagText !== null && !tagPattern.test(tagText)) throw bad(text, `${JSON.stringify(tagText)} is not a tag`)
  const tag = tagText ?? (digest === null ? defaultTag : null)
  return {registry, repository, tag, digest, name: familiar(registry, repository, tagText, digest)}
}

function splitHost(path: string): {readonly registry: string; readonly repository: string} {
  const slash = path.indexOf('/')
  const first = path.slice(0, Math.max(0, slash))
  const isHost = /[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase()
  const [host, rest] = isHost ? [first, path.slice(slash + 1)] : [hub, path]
  const registry = host === 'index.docker.io' ? hub : host
  return {registry, repository: registry === hub && !rest.includes('/') ? `library/${rest}` : rest}
}

function checkName(text: string, registry: string, repository: string): void {
  const port = Number(/:(\d+)$/.exec(registry)?.[1] ?? 0)
  if (!hostPattern.test(registry) || port > 65535 || !URL.canParse(`https://${registry}`)) {
    throw bad(text, `${JSON.stringify(registry)} is not a host`)
  }
  if (repository !== repository.toLowerCase()) {
    throw bad(text, 'the name of an image is in lower case', `Perhaps ${text.toLowerCase()} is meant.`)
  }
  if (!repository.split('/').every(component => componentPattern.test(component))) {
    throw bad(text, `${JSON.stringify(repository.replace(/^library\//, ''))} is not the name of an image`)
  }
  if (/^library\/[0-9a-f]{64}$/.test(repository)) {
    throw bad(text, 'it is an image ID', 'Registries know images by name and digest: NAME@sha256:….')
  }
  if (registry.length + 1 + repository.length > longestName) {
    throw bad(text, `its name has more than ${longestName} characters`)
  }
}

function digestOf(text: string, digest: string): Digest {
  try {
    return parseDigest(digest, 'the reference')
  } catch {
    throw bad(text, 'what follows @ is not a digest', 'A digest is sha256: and 64 hexadecimal digits.')
  }
}

function familiar(registry: string, repository: string, tag: string | null, digest: Digest | null): string {
  const name = registry === hub ? repository.replace(/^library\/(?=[^/]+$)/, '') : `${registry}/${repository}`
  const tagged = tag === null && digest === null ? `${name}:${defaultTag}` : `${name}${tag === null ? '' : `:${tag}`}`
  return digest === null ? tagged : `${tagged}@${digest}`
}

function bad(text: string, why: string, hint = 'For example alpine:3.20 or registry.example:5000/team/app:1.2.') {
  // Somebody may have written a password where an address has one.
  const shown = JSON.stringify(text.replace(/:[^/]*@(?!sha\d)/, ':***@'))
  return new UsageError('USAGE_REFERENCE', `${shown} does not name an image in a registry: ${why}`, {
    hint,
  })
}
