import {readFileSync, statSync} from 'node:fs'
import {jsonShape} from '../model/json-shape.js'
import {limits} from '../model/limits.js'
import {githubLimits} from './limits.js'

/** The pull request that a workflow runs for. */
export interface PullRequest {
  readonly number: number
  /** Last commit of the branch that is to be merged. */
  readonly head: string
  /** Does that branch lie in another repository? */
  readonly fromFork: boolean
}

/**
 * Reads the pull request from the event that the runner left in `GITHUB_EVENT_PATH`.
 * @returns null where there is none, or the file is not what the runner writes: then the workflow's own ref has to do
 */
export function readPullRequest(env: NodeJS.ProcessEnv): PullRequest | null {
  const path = env['GITHUB_EVENT_PATH']
  if (!path) return null
  try {
    return pullRequestOf(JSON.parse(readBounded(path)))
  } catch {
    return null // Nothing the runner wrote: what the workflow's variables say is used as it is.
  }
}

function pullRequestOf(event: unknown): PullRequest | null {
  const pull = field(event, 'pull_request')
  const number = field(pull, 'number')
  const head = field(pull, 'head', 'sha')
  if (!Number.isSafeInteger(number) || typeof head !== 'string' || !/^[0-9a-f]{40}$/.test(head)) return null
  // Of a fork that was deleted nothing is left.
  const fromFork = field(pull, 'head', 'repo', 'full_name') !== field(pull, 'base', 'repo', 'full_name')
  return {number: number as number, head, fromFork}
}

function field(value: unknown, ...names: readonly string[]): unknown {
  return names.reduce<unknown>((found, name) => {
    return typeof found === 'object' && found !== null && Object.hasOwn(found, name)
      ? Reflect.get(found, name)
      : undefined
  }, value)
}

/** @throws where there is nothing to read */
function readBounded(path: string): string {
  const {size} = statSync(path)
  if (size > githubLimits.eventBytes) throw new RangeError(`${path} has ${size} bytes`)
  const bytes = readFileSync(path)
  if (jsonShape(bytes).depth > limits.jsonDepth) throw new RangeError(`${path} is nested too deep`)
  return bytes.toString('utf8')
}
