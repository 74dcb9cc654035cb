import type {FeedDocument} from '../feeds/feed.js'

/** What a server said of a document, to ask later whether it is still the same. */
export interface Validators {
  readonly etag: string | null
  readonly lastModified: string | null
}

export type Fetched =
  /** It lies in the file. */
  {readonly kind: 'new'; readonly validators: Validators} | {readonly kind: 'same'} | {readonly kind: 'absent'}

/** Where documents come from: the services themselves, a mirror, a folder. */
export interface Origin {
  /** For people. */
  readonly name: string
  readonly isService: boolean
  /** Where a document is; null where it is never here. */
  addressOf(document: FeedDocument): string | null
  /**
   * Fetches a document to a file.
   * @param known of an older copy: where it is still the same, nothing is fetched
   * @throws {PitonError} where that fails, or what comes is plainly something else
   */
  fetch(document: FeedDocument, known: Validators | null, file: string, signal: AbortSignal): Promise<Fetched>
  /**
   * Names in a folder of the mirror, where it can be looked into; else null, and a page has to list them.
   */
  names(path: string): readonly string[] | null
  close(): void
}
