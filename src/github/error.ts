import {PitonError} from '../model/errors.js'

/** GitHub, or what is known of it here, does not let results be uploaded. Never carries a token. */
export class GitHubError extends PitonError<
  /** Repository, ref or commit is not known, or is not one. */
  | 'GITHUB_DESTINATION'
  | 'GITHUB_NO_TOKEN'
  | 'GITHUB_UNAUTHORIZED'
  | 'GITHUB_FORBIDDEN'
  | 'GITHUB_NOT_FOUND'
  /** The file, or the request with it. */
  | 'GITHUB_REJECTED'
  /** It was not even sent. */
  | 'GITHUB_WOULD_REJECT'
  | 'GITHUB_INCOMPLETE'
  | 'GITHUB_TOO_LARGE'
  | 'GITHUB_RATE_LIMITED'
  | 'GITHUB_UNAVAILABLE'
  | 'GITHUB_UNREACHABLE'
  /** What answers is not the REST API of GitHub. */
  | 'GITHUB_BAD_ANSWER'
> {}
