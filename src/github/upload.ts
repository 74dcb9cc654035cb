import {setTimeout as pause} from 'node:timers/promises'
import type {Octokit} from '@octokit/rest'
import {netLimits} from '../model/limits.js'
import type {Secret} from '../model/secret.js'
import {HttpClient} from '../net/http.js'
import {spokenBy, wordsOf} from './answer.js'
import {clientFor} from './client.js'
import {cureFor, noCure} from './cures.js'
import type {Destination} from './destination.js'
import {GitHubError} from './error.js'
import {type GitHubLimits, githubLimits} from './limits.js'
import {refusalOf} from './refusal.js'

/** A SARIF file that is to be sent. */
export interface SarifUpload {
  readonly destination: Destination
  /** The file, compressed. */
  readonly gzip: Uint8Array
  /** `file:///…/`, where the file names absolute paths of the machine that scanned; else null. */
  readonly checkoutURI: string | null
  /** ISO 8601; null where it is not known. */
  readonly startedAt: string | null
  /** null: the file names more than one. */
  readonly toolName: string | null
}

export interface UploadOptions {
  readonly token: Secret
  /** For proxies, authorities and what triggered a workflow. */
  readonly env: NodeJS.ProcessEnv
  readonly userAgent: string
  /** Other limits than {@link githubLimits}, in tests. */
  readonly limits?: GitHubLimits
  /** Told when GitHub has the file, before it is processed. */
  readonly onSent?: () => void
}

/** What GitHub made of one run. */
export interface Analysis {
  readonly tool: string
  readonly category: string
  readonly results: number
  readonly rules: number
  /** GitHub's own words, safe to print; '' for none. */
  readonly warning: string
}

/** What became of a file that GitHub took. */
export type UploadOutcome =
  /** Processed. Analyses are null where GitHub does not say. */
  | {readonly kind: 'complete'; readonly analyses: readonly Analysis[] | null}
  /** Still waiting when the time was over, or GitHub does not say: nothing is known to be wrong. */
  | {readonly kind: 'pending'; readonly why: string | null}

/**
 * Sends a file to code scanning and waits until it is processed.
 *
 * This module loads octokit and the HTTP library: import it where it is used.
 * @throws {GitHubError} where GitHub does not take the file, or cannot process it
 * @see https://docs.github.com/en/rest/code-scanning/code-scanning#upload-an-analysis-as-sarif-data
 */
export async function uploadSarif(upload: SarifUpload, options: UploadOptions): Promise<UploadOutcome> {
  const {limits = githubLimits, env, token, userAgent} = options
  const {requestMs} = limits
  const http = new HttpClient({
    userAgent,
    env,
    plainHosts: [],
    limits: {...netLimits, headMs: requestMs, documentMs: requestMs, idleMs: requestMs},
  })
  try {
    const client = clientFor({api: upload.destination.server.api, token, userAgent, http, limits})
    const scanning = new CodeScanning(client, upload.destination, options, limits)
    const id = await scanning.send(upload)
    options.onSent?.()
    return await scanning.outcomeOf(id)
  } finally {
    http.close()
  }
}

/** The three requests of an upload. */
class CodeScanning {
  readonly #client: Octokit
  readonly #destination: Destination
  readonly #options: UploadOptions
  readonly #limits: GitHubLimits

  constructor(client: Octokit, destination: Destination, options: UploadOptions, limits: GitHubLimits) {
    this.#client = client
    this.#destination = destination
    this.#options = options
    this.#limits = limits
  }

  /** @returns the id that GitHub gives the file */
  async send({gzip, checkoutURI, startedAt, toolName}: SarifUpload): Promise<string> {
    const {ref, commit} = this.#destination
    const {data} = await this.#ask(() =>
      this.#client.rest.codeScanning.uploadSarif({
        ...this.#repository,
        commit_sha: commit,
        ref,
        sarif: Buffer.from(gzip).toString('base64'),
        ...(checkoutURI === null ? {} : {checkout_uri: checkoutURI}),
        ...(startedAt === null ? {} : {started_at: startedAt}),
        ...(toolName === null ? {} : {tool_name: toolName}),
      }),
    )
    const {id} = objectOf(data)
    if (typeof id !== 'string' || !/^[\w-]{1,100}$/.test(id)) throw this.#strange('gives no id for the file')
    return id
  }

  /** @throws {GitHubError} GITHUB_REJECTED where the file could not be processed */
  async outcomeOf(id: string): Promise<UploadOutcome> {
    const {polls, pollMs, processingMs} = this.#limits
    const started = Date.now()
    let why: string | null = null
    for (let poll = 1; poll <= polls && Date.now() - started <= processingMs; poll++) {
      if (poll > 1) await pause(pollMs)
      const state = await this.#stateOf(id)
      if (state === 'complete') return {kind: 'complete', analyses: await this.#analysesOf(id)}
      why = state.why
      if (!state.mayChange) break
    }
    return {kind: 'pending', why}
  }

  async #stateOf(id: string): Promise<'complete' | {readonly mayChange: boolean; readonly why: string | null}> {
    let data: Readonly<Record<string, unknown>>
    try {
      data = objectOf(
        (await this.#ask(() => this.#client.rest.codeScanning.getSarif({...this.#repository, sarif_id: id}))).data,
      )
    } catch (error) {
      if (!(error instanceof GitHubError)) throw error
      // GitHub has the file: that it cannot be asked about it undoes nothing. It does not know of it at once, either.
      const forGood = error.code === 'GITHUB_UNAUTHORIZED' || error.code === 'GITHUB_FORBIDDEN'
      return {mayChange: !forGood, why: error.code === 'GITHUB_NOT_FOUND' ? null : error.message}
    }
    const {processing_status: status, errors} = data
    if (status === 'complete') return 'complete'
    if (status === 'failed') throw this.#failed(errors)
    return {mayChange: true, why: null}
  }

  #failed(errors: unknown): GitHubError {
    const said = wordsOf({errors}, this.#options.token)
    return new GitHubError(
      'GITHUB_REJECTED',
      `GitHub took the file and could not process it${said === '' ? '' : ` (${said})`}`,
      {
        hint: cureFor(said) ?? noCure,
      },
    )
  }

  async #analysesOf(id: string): Promise<readonly Analysis[] | null> {
    let data: unknown
    try {
      data = (
        await this.#ask(() => this.#client.rest.codeScanning.listRecentAnalyses({...this.#repository, sarif_id: id}))
      ).data
    } catch (error) {
      if (error instanceof GitHubError) return null // What there is to say was said: the file is processed.
      throw error
    }
    const analyses = (Array.isArray(data) ? data : []).map(objectOf)
    const wrong = analyses.map(({error}) => error).find(error => typeof error === 'string' && error !== '')
    if (wrong !== undefined) throw this.#failed([wrong])
    return analyses.map(one => this.#analysis(one))
  }

  #analysis({
    tool,
    category,
    results_count: results,
    rules_count: rules,
    warning,
  }: Readonly<Record<string, unknown>>): Analysis {
    const words = (value: unknown) => (typeof value === 'string' ? spokenBy(value, this.#options.token) : '')
    const number = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : 0)
    return {
      tool: words(objectOf(tool)['name']),
      category: words(category),
      results: number(results),
      rules: number(rules),
      warning: words(warning),
    }
  }

  get #repository() {
    const {owner, name} = this.#destination
    return {owner, repo: name, headers: {'x-github-api-version': '2022-11-28'}}
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request()
    } catch (error) {
      throw refusalOf(error, {destination: this.#destination, token: this.#options.token, env: this.#options.env})
    }
  }

  #strange(what: string): GitHubError {
    return new GitHubError(
      'GITHUB_BAD_ANSWER',
      `${this.#destination.server.api} does not answer as GitHub does: it ${what}`,
      {
        hint: 'Check GITHUB_API_URL, and whether a proxy answers in its place.',
      },
    )
  }
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
