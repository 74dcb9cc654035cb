import {Secret} from '../model/secret.js'
import {GitHubError} from './error.js'
import type {GitHubServer} from './server.js'

/** What may stand in a header. */
const headerText = /^[\x21-\x7e]{1,8192}$/

/**
 * The token to upload with.
 * @throws {GitHubError} GITHUB_NO_TOKEN where there is none
 */
export function tokenFor({tokenNames, web}: GitHubServer, env: NodeJS.ProcessEnv): Secret {
  const [first = ''] = tokenNames
  const name = tokenNames.find(variable => (env[variable] ?? '').trim() !== '')
  if (name === undefined) {
    const inWorkflow = env['GITHUB_ACTIONS'] === 'true'
    throw new GitHubError('GITHUB_NO_TOKEN', `there is no token for ${web}: ${tokenNames.join(' and ')} are not set`, {
      hint: inWorkflow
        ? `Give the step env: ${first}: \${{ github.token }}, and the job permissions: security-events: write.`
        : `Set ${first} to a token that may write code scanning alerts, for example ${first}=$(gh auth token).`,
    })
  }
  const token = (env[name] ?? '').trim()
  if (!headerText.test(token)) {
    throw new GitHubError('GITHUB_NO_TOKEN', `${name} holds no token: there are characters in it that no token has`, {
      hint: 'Set it to the token alone, without quotes and line ends.',
    })
  }
  return new Secret(token)
}
