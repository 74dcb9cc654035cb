import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {inspect} from 'node:util'
import {beforeEach, describe, expect, onTestFinished, test} from 'vitest'
import {parseReference} from '../../../src/source/reference.js'
import {findCredentials} from '../../../src/source/registry/credentials.js'
import {failureOf} from '../../support/pull.js'

const base64 = (text: string) => Buffer.from(text).toString('base64')
const auth = (userinfo: string) => ({auth: base64(userinfo)})

let home = ''
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'piton-'))
  mkdirSync(join(home, '.docker'))
  mkdirSync(join(home, 'bin'))
  onTestFinished(() => rmSync(home, {recursive: true}))
})

function configure(config: unknown, path = '.docker/config.json'): string {
  const file = join(home, path)
  writeFileSync(file, typeof config === 'string' ? config : JSON.stringify(config))
  return file
}

/** A credential helper that is a shell script. */
function helper(name: string, script: string): void {
  const file = join(home, 'bin', `docker-credential-${name}`)
  writeFileSync(file, `#!/bin/sh\n${script}\n`)
  chmodSync(file, 0o755)
}

/** `user:password`, `token TOKEN`, or null. */
async function found(reference: string, env: NodeJS.ProcessEnv = {}, helperMs = 5000): Promise<string | null> {
  const path = `${join(home, 'bin')}${delimiter}${process.env['PATH']}`
  const credentials = await findCredentials(parseReference(reference), {HOME: home, PATH: path, ...env}, helperMs)
  if (credentials === null) return null
  return credentials.kind === 'password'
    ? `${credentials.username}:${credentials.password.reveal()}`
    : `token ${credentials.token.reveal()}`
}

const auths: [name: string, auths: Record<string, unknown>, reference: string, credentials: string | null][] = [
  ['a registry', {'registry.example': auth('u:p')}, 'registry.example/app', 'u:p'],
  ['another registry', {'registry.example': auth('u:p')}, 'other.example/app', null],
  ['a subdomain', {'registry.example': auth('u:p')}, 'sub.registry.example/app', null],
  ['a longer name', {'registry.example': auth('u:p')}, 'registry.example.evil/app', null],
  ['another port', {'registry.example': auth('u:p')}, 'registry.example:5000/app', null],
  ['the same port', {'registry.example:5000': auth('u:p')}, 'registry.example:5000/app', 'u:p'],
  ['an address', {'https://registry.example/v2/': auth('u:p')}, 'registry.example/app', 'u:p'],
  ['an address of old', {'http://registry.example/v1': auth('u:p')}, 'registry.example/app', 'u:p'],
  ['Docker Hub', {'https://index.docker.io/v1/': auth('u:p')}, 'alpine', 'u:p'],
  ['Docker Hub by its name', {'docker.io': auth('u:p')}, 'team/app', 'u:p'],
  ['Docker Hub is no other', {'https://index.docker.io/v1/': auth('u:p')}, 'ghcr.io/team/app', null],
  ['a team', {'quay.io': auth('all:p'), 'quay.io/team': auth('team:p')}, 'quay.io/team/app', 'team:p'],
  ['another team', {'quay.io': auth('all:p'), 'quay.io/team': auth('team:p')}, 'quay.io/teams/app', 'all:p'],
  ['one repository', {'quay.io/team/app': auth('app:p'), 'quay.io/team': auth('team:p')}, 'quay.io/team/app', 'app:p'],
  ['a password with colons', {'registry.example': auth('u:p:q:r')}, 'registry.example/app', 'u:p:q:r'],
  ['an identity token', {'registry.example': {...auth('u:'), identitytoken: 't'}}, 'registry.example/app', 'token t'],
  ['an empty entry', {'registry.example': {}}, 'registry.example/app', null],
  ['an entry without a colon', {'registry.example': {auth: base64('user')}}, 'registry.example/app', null],
  ['a name like a method', {'registry.example': auth('u:p')}, 'constructor/app', null],
]
for (const [name, entries, reference, credentials] of auths) {
  test(`auths: ${name}`, async () => {
    configure({auths: entries})
    expect(await found(reference)).toBe(credentials)
  })
}

describe('where they come from', () => {
  const own = {'registry.example': auth('file:p')}

  test('nowhere', async () => expect(await found('registry.example/app')).toBeNull())

  test('the environment before all', async () => {
    configure({auths: own})
    const env = {PITON_REGISTRY_USERNAME: 'env', PITON_REGISTRY_PASSWORD: 'p'}
    expect(await found('registry.example/app', env)).toBe('env:p')
  })

  test('half of the environment is an error', async () => {
    expect(await failureOf(found('alpine', {PITON_REGISTRY_PASSWORD: 's3cret'}))).toBe(
      'REGISTRY_CREDENTIALS: PITON_REGISTRY_USERNAME is not set, and its companion is',
    )
  })

  test('REGISTRY_AUTH_FILE instead of Docker’s', async () => {
    configure({auths: own})
    const file = configure({auths: {'registry.example': auth('named:p')}}, 'auth.json')
    expect(await found('registry.example/app', {REGISTRY_AUTH_FILE: file})).toBe('named:p')
  })

  test('REGISTRY_AUTH_FILE that is not there is an error', async () => {
    configure({auths: own})
    const said = await failureOf(found('registry.example/app', {REGISTRY_AUTH_FILE: join(home, 'gone')}))
    expect(said).toMatch(/^REGISTRY_CREDENTIALS: REGISTRY_AUTH_FILE names .*gone, which does not exist/)
  })

  test('DOCKER_CONFIG instead of the home folder', async () => {
    configure({auths: own})
    configure({auths: {'registry.example': auth('other:p')}}, 'config.json')
    expect(await found('registry.example/app', {DOCKER_CONFIG: home})).toBe('other:p')
  })

  const broken: [name: string, text: string][] = [
    ['no JSON', '{"auths": {"registry.example": {"auth": "s3cret'],
    ['a list', '["s3cret"]'],
    ['auths that are a text', '{"auths": "s3cret"}'],
    ['an auth that is a number', '{"auths": {"registry.example": {"auth": 7}}}'],
    ['an empty file', ''],
  ]
  for (const [name, text] of broken) {
    test(`a file with ${name} is an error that does not repeat it`, async () => {
      const file = configure(text)
      const error = await found('registry.example/app').catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({code: 'REGISTRY_CREDENTIALS'})
      expect((error as Error).message).toContain(file)
      expect(inspect(error, {depth: 9, showHidden: true})).not.toContain('s3cret')
    })
  }
})

describe('a credential helper', () => {
  const answer = (username: string, secret: string) =>
    `read server; echo "{\\"ServerURL\\":\\"$server\\",\\"Username\\":\\"${username}\\",\\"Secret\\":\\"${secret}\\"}"`

  test('is asked for its registry, and for no other', async () => {
    configure({credHelpers: {'registry.example': 'one'}, auths: {'other.example': auth('file:p')}})
    helper('one', answer('$1', '$server'))
    expect(await found('registry.example/app')).toBe('get:registry.example')
    expect(await found('other.example/app')).toBe('file:p')
  })

  test('for all is asked where there is none for the registry', async () => {
    configure({credsStore: 'all', credHelpers: {'registry.example': 'one'}})
    helper('one', answer('one', 'p'))
    helper('all', answer('all', '$server'))
    expect(await found('registry.example/app')).toBe('one:p')
    expect(await found('ghcr.io/team/app')).toBe('all:ghcr.io')
    expect(await found('alpine')).toBe('all:https://index.docker.io/v1/')
  })

  test('may be named for Docker Hub by each of its names', async () => {
    helper('hub', answer('hub', 'p'))
    for (const key of ['https://index.docker.io/v1/', 'docker.io']) {
      configure({credHelpers: {[key]: 'hub'}})
      expect(await found('alpine')).toBe('hub:p')
    }
  })

  test('may give an identity token', async () => {
    configure({credsStore: 'all'})
    helper('all', answer('<token>', 't'))
    expect(await found('registry.example/app')).toBe('token t')
  })

  test('that knows nothing leaves it to the file', async () => {
    configure({credsStore: 'all', auths: {'registry.example': auth('file:p')}})
    helper('all', 'echo credentials not found in native keychain; exit 1')
    expect(await found('registry.example/app')).toBe('file:p')
    expect(await found('other.example/app')).toBeNull()
  })

  test('does not have to read what it is asked', async () => {
    configure({credsStore: 'all'})
    helper('all', `exec <&-; echo '{"Username":"u","Secret":"p"}'`)
    expect(await found('registry.example/app')).toBe('u:p')
  })

  const failures: [name: string, script: string, says: RegExp][] = [
    ['fails', 'echo s3cret; echo s3cret >&2; exit 3', /docker-credential-bad failed: exit code 3$/],
    ['does not end', 'sleep 30', /did not end within 0.3 s$/],
    [
      'prints without end',
      'while :; do echo s3cret-s3cret-s3cret-s3cret-s3cret-s3cret-s3cret; done',
      /prints too much$|did not end/,
    ],
    ['prints no JSON', 'echo s3cret', /does not answer as it should$/],
    ['prints nothing', 'true', /does not answer as it should$/],
    ['is killed', 'kill -9 $$', /failed: SIGKILL$/],
  ]
  for (const [name, script, says] of failures) {
    test(`that ${name} is an error without its words`, async () => {
      configure({credsStore: 'bad'})
      helper('bad', script)
      const error = await found('registry.example/app', {}, 300).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({code: 'REGISTRY_CREDENTIALS', message: expect.stringMatching(says)})
      expect(inspect(error, {depth: 9, showHidden: true})).not.toContain('s3cret')
    })
  }

  test('that is not installed is an error', async () => {
    configure({credsStore: 'gone'})
    expect(await failureOf(found('registry.example/app'))).toMatch(/docker-credential-gone failed: it is not installed/)
  })

  for (const name of ['../../bin/sh', 'a b', 'a;reboot', '$(id)', 'Upper', 'hülfe']) {
    test(`is not called ${name}`, async () => {
      configure({credsStore: name})
      expect(await failureOf(found('registry.example/app'))).toMatch(/is not the name of a credential helper/)
    })
  }
})
