import {RegistryError, UsageError} from '../../../src/model/errors.js'
import {retryAfterMs} from '../../../src/net/retry.js'
import {parsePlatform} from '../../../src/source/platform.js'
import {parseReference} from '../../../src/source/reference.js'
import {parseChallenges} from '../../../src/source/registry/challenge.js'
import {refusal} from '../../../src/source/registry/refusal.js'
import {parseTarget} from '../../../src/source/target.js'
import {type FuzzTarget, insist} from '../target.js'

/** What registries say in headers and error bodies, and what people type. */
export const target: FuzzTarget = {
  name: 'registry',
  dictionary: [
    ...[
      'Bearer realm="',
      '",service="',
      '",scope="repository:',
      'Basic realm=',
      'Digest ',
      ', ',
      '\\"',
      '=',
      '"',
      'https://',
      'Wed, 21 Oct 2015',
    ],
    ...[
      '{"errors":[{"code":"',
      '"message":',
      ']}',
      'docker.io/',
      'localhost:5000/',
      '@sha256:',
      ':latest',
      '[::1]:5',
      'linux/arm/v7',
    ],
  ],
  mostBytes: 2048,
  *seeds() {
    yield Buffer.from(
      'Bearer realm="https://auth.example/token",service="x",scope="repository:a/b:pull", Basic realm="y"',
    )
    yield Buffer.from('{"errors":[{"code":"MANIFEST_UNKNOWN","message":"x","detail":{}}]}')
    yield Buffer.from('localhost:5000/team/app:1.0@sha256:'.padEnd(99, 'a'))
    yield Buffer.from('linux/arm/v7')
    yield Buffer.from('Wed, 21 Oct 2015 07:28:00 GMT')
  },
  run(input) {
    const text = Buffer.from(input).toString('utf8')
    for (const {scheme} of parseChallenges(text)) insist(scheme === scheme.toLowerCase(), 'a scheme is in lower case')
    const wait = retryAfterMs(text)
    insist(wait === null || wait >= 0, 'nobody waits for the past')
    for (const status of [400, 404, 429, 503]) {
      const head = {status, url: new URL('https://registry.example/v2/'), header: () => text, bytes: input}
      insist(refusal(head as never, 'the manifest') instanceof RegistryError, 'a refusal is an error')
    }
    parseTarget(text)
    for (const parse of [parsePlatform, parseReference]) {
      try {
        parse(text)
      } catch (error) {
        insist(error instanceof UsageError, 'what was typed is a matter of usage')
      }
    }
  },
}
