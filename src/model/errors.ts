/** The line that an error is about, and the part of it that is wrong. */
export interface Excerpt {
  readonly line: string
  /** From 0, in UTF-16 units. */
  readonly column: number
  readonly length: number
}

/** What an error can carry besides its message. */
export interface ErrorDetails {
  /** What the person can do about it, one sentence. */
  readonly hint?: string | undefined
  /** Shown below the message, with a mark under what is wrong. */
  readonly excerpt?: Excerpt | undefined
  /** What was underneath. */
  readonly cause?: unknown
}

/**
 * What piton refuses on purpose, in words for the person who typed the command. Anything else that is thrown is a bug.
 * Both end in exit code 2.
 */
export class PitonError<Code extends string = string> extends Error {
  /** Stable, for machines. */
  readonly code: Code
  readonly hint: string | undefined
  readonly excerpt: Excerpt | undefined

  constructor(code: Code, message: string, {hint, excerpt, cause}: ErrorDetails = {}) {
    super(message, cause === undefined ? undefined : {cause})
    this.name = new.target.name
    this.code = code
    this.hint = hint
    this.excerpt = excerpt
  }
}

/** The command line, or an option that came from it, asks for something that does not exist. */
export class UsageError extends PitonError<
  'USAGE' | 'USAGE_TARGET' | 'USAGE_PLATFORM' | 'USAGE_RULE' | 'USAGE_REFERENCE'
> {}

/** The target cannot be read as what it is. */
export class SourceError extends PitonError<
  | 'SOURCE_NOT_FOUND'
  | 'SOURCE_UNREADABLE'
  | 'SOURCE_UNKNOWN'
  | 'SOURCE_UNSUPPORTED'
  | 'SOURCE_EMPTY'
  | 'SOURCE_LIMIT'
  | 'SOURCE_UNWRITABLE'
> {}

/** An image whose manifest, configuration or layers do not hold together. */
export class ImageError extends PitonError<
  | 'IMAGE_BAD_JSON'
  | 'IMAGE_BAD_MANIFEST'
  | 'IMAGE_BAD_DIGEST'
  | 'IMAGE_DIGEST_MISMATCH'
  | 'IMAGE_MISSING_BLOB'
  | 'IMAGE_NO_PLATFORM'
  | 'IMAGE_NO_TAG'
  | 'IMAGE_TOO_DEEP'
> {}

/** The network, or the other end of it, did not do its part. Never carries a credential, nor the query of an address. */
export class NetError extends PitonError<
  | 'NET_OFFLINE'
  | 'NET_UNREACHABLE'
  | 'NET_TIMEOUT'
  | 'NET_CUT'
  | 'NET_PROTOCOL'
  | 'NET_TLS'
  | 'NET_PROXY'
  | 'NET_CERTIFICATES'
  | 'NET_REDIRECT'
  | 'NET_INSECURE'
  | 'NET_TOO_LARGE'
> {}

/** A registry that was reached, and does not give what was asked for. */
export class RegistryError extends PitonError<
  | 'REGISTRY_UNAUTHORIZED'
  | 'REGISTRY_DENIED'
  | 'REGISTRY_NOT_FOUND'
  | 'REGISTRY_RATE_LIMITED'
  | 'REGISTRY_UNAVAILABLE'
  | 'REGISTRY_BAD_RESPONSE'
  | 'REGISTRY_CREDENTIALS'
> {}

/** The local container engine, or what stands in its place, does not give the image. */
export class EngineError extends PitonError<
  'ENGINE_HOST' | 'ENGINE_UNREACHABLE' | 'ENGINE_DENIED' | 'ENGINE_NOT_FOUND' | 'ENGINE_BAD_RESPONSE'
> {}

/** Bytes that are not the archive or the compressed stream that they claim to be. */
export class ArchiveError extends PitonError<
  | 'ARCHIVE_TRUNCATED'
  | 'ARCHIVE_BAD_HEADER'
  | 'ARCHIVE_BAD_COMPRESSION'
  | 'ARCHIVE_UNKNOWN_COMPRESSION'
  | 'ARCHIVE_LIMIT'
> {}

/** A package database, a version or another apk format that cannot be read. */
export class ApkError extends PitonError<'APK_BAD_VERSION' | 'APK_BAD_RECORD' | 'APK_BAD_SIGNATURE' | 'APK_LIMIT'> {}

/** An ELF file that claims what it does not hold. */
export class ElfError extends PitonError<
  'ELF_TRUNCATED' | 'ELF_BAD_HEADER' | 'ELF_BAD_TABLE' | 'ELF_LIMIT' | 'ELF_UNSUPPORTED'
> {}

/** The advisory database, or a feed that it is compiled from, cannot be used. */
export class DatabaseError extends PitonError<
  | 'DATABASE_NOT_FOUND'
  | 'DATABASE_INVALID'
  | 'DATABASE_FEED'
  | 'DATABASE_UNWRITABLE'
  | 'DATABASE_LOCKED'
  | 'DATABASE_OLDER'
  | 'DATABASE_BUNDLE'
> {}

/** A report that cannot be written where it was asked for. */
export class OutputError extends PitonError<'OUTPUT_UNWRITABLE' | 'OUTPUT_UNKNOWN_FORMAT'> {}
