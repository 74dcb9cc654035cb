import type {JudgeContext} from '../../src/policy/judge.js'
import {rules} from '../../src/rules/index.js'
import {packageOf} from './facts.js'

/** An image of which everything was looked at. */
export function contextOf(overrides: Partial<JudgeContext> = {}): JudgeContext {
  return {
    target: {
      reference: 'docker-archive:app.tar',
      kind: 'image',
      name: 'registry.example/team/app:1.2',
      platform: 'linux/amd64',
      imageID: null,
      manifestDigest: null,
    },
    packages: [packageOf({name: 'libcrypto3', origin: 'openssl'}), packageOf({name: 'libssl3', origin: 'openssl'})],
    today: '2026-01-20',
    asked: new Set(rules.map(({id}) => id)),
    ...overrides,
  }
}
