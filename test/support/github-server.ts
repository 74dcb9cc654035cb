import type {ServerResponse} from 'node:http'
import {gunzipSync} from 'node:zlib'
import {type MakeServer, type Seen, serve, type TestServer} from './registry-server.js'

/** A repository with code scanning, as the REST description of GitHub has it. */
export interface GitHubParts {
  /** `owner/name`, the only one there is. */
  readonly repository?: string
  readonly token?: string
  /** Commits that were pushed; any, where not given. */
  readonly commits?: readonly string[]
  /** What is answered for the state of a file, one after the other; the last one again and again. */
  readonly states?: readonly object[]
  readonly analyses?: readonly object[]
  /** Answers instead; false leaves it to the server. `count`: how often the path was asked for, this time included. */
  readonly intercept?: (seen: Seen, response: ServerResponse, count: number) => unknown
  readonly make?: MakeServer
}

export interface GitHubTestServer extends TestServer {
  /** What was uploaded: the body, and the SARIF text in it. */
  readonly uploads: readonly (Readonly<Record<string, unknown>> & {readonly text: string})[]
}

export const testToken = 'ghs_0123456789abcdefTESTTOKEN'
export const uploadID = '6c81cd8e-b078-4ac3-a3be-1dad7dbd0b53'
export const testCommit = 'a'.repeat(40)

export const complete = {processing_status: 'complete', analyses_url: 'x', errors: null}
export const pending = {processing_status: 'pending', analyses_url: null, errors: null}
export const failed = (...errors: readonly string[]) => ({processing_status: 'failed', analyses_url: null, errors})

export const analysis = {
  ref: 'refs/heads/main',
  commit_sha: testCommit,
  analysis_key: '(default)',
  category: 'piton/web/linux-amd64',
  error: '',
  warning: '',
  created_at: '2026-01-20T00:00:00Z',
  results_count: 17,
  rules_count: 5,
  id: 3602840,
  url: 'x',
  sarif_id: uploadID,
  tool: {name: 'piton', guid: null, version: '0.1.0'},
  deletable: true,
}

export async function githubServer(parts: GitHubParts = {}): Promise<GitHubTestServer> {
  const {repository = 'o/r', token = testToken, states = [complete], analyses = [analysis], intercept, make} = parts
  const uploads: (Record<string, unknown> & {text: string})[] = []
  const counts = new Map<string, number>()
  let asked = 0
  const server = await serve((_request, response, seen) => {
    const [path = '', query = ''] = seen.path.split('?')
    const count = (counts.get(path) ?? 0) + 1
    counts.set(path, count)
    if (intercept !== undefined && intercept(seen, response, count) !== false) return
    const base = `/repos/${repository}/code-scanning`
    if (seen.authorization !== `token ${token}`) refuse(response, 401, 'Bad credentials')
    else if (path === `${base}/sarifs` && seen.method === 'POST') upload(parts, uploads, seen, response)
    else if (path === `${base}/sarifs/${uploadID}`) answer(response, 200, states[Math.min(asked++, states.length - 1)])
    else if (path === `${base}/analyses` && query === `sarif_id=${uploadID}`) answer(response, 200, analyses)
    else refuse(response, 404, 'Not Found')
  }, make)
  return {...server, uploads}
}

function upload(
  {commits}: GitHubParts,
  uploads: (Record<string, unknown> & {text: string})[],
  {body}: Seen,
  response: ServerResponse,
): void {
  const sent: Record<string, unknown> = JSON.parse(body)
  const {commit_sha: commit, ref, sarif} = sent
  if (typeof commit !== 'string' || !/^[0-9a-f]{40}$/.test(commit)) {
    refuse(response, 422, `Invalid request.\n\n${commit} does not match /^[0-9a-f]+$/.`)
  } else if (typeof ref !== 'string' || !/^refs\/(heads|tags|pull)\/.*$/.test(ref)) {
    refuse(response, 422, `Invalid request.\n\n${ref} does not match /^refs\\/(heads|pull|tags)\\/.*$/.`)
  } else if (commits !== undefined && !commits.includes(commit)) refuse(response, 404, 'commit not found')
  else if (typeof sarif !== 'string' || !/^[A-Za-z0-9+/]+=*$/.test(sarif)) refuse(response, 400, 'Invalid SARIF')
  else {
    uploads.push({...sent, text: gunzipSync(Buffer.from(sarif, 'base64')).toString()})
    answer(response, 202, {id: uploadID, url: `https://api.github.com/x/${uploadID}`})
  }
}

export function answer(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, {'content-type': 'application/json; charset=utf-8', ...headers}).end(JSON.stringify(body))
}

export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  answer(response, status, {message, documentation_url: 'https://docs.github.com/rest', status: `${status}`}, headers)
}
