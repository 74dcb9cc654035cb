import {expect, test} from 'vitest'
import {NetError} from '../../src/model/errors.js'
import {proxyFor} from '../../src/net/proxy.js'

const proxy = 'http://proxy.example:3128/'
type Env = Readonly<Record<string, string>>

const cases: [target: string, env: Env, found: string | null][] = [
  ['https://registry.example/', {}, null],
  ['https://registry.example/', {HTTPS_PROXY: proxy}, proxy],
  ['https://registry.example/', {https_proxy: proxy, HTTPS_PROXY: 'http://other.example'}, proxy],
  ['https://registry.example/', {HTTPS_PROXY: 'proxy.example:3128'}, proxy],
  ['https://registry.example/', {HTTPS_PROXY: ' '}, null],
  ['https://registry.example/', {HTTP_PROXY: proxy}, null],
  ['http://registry.example/', {HTTP_PROXY: proxy}, proxy],
  ['https://127.0.0.1:5000/', {HTTPS_PROXY: proxy}, null],
  ['https://[::1]:5000/', {HTTPS_PROXY: proxy}, null],
  ['http://localhost:5000/', {HTTP_PROXY: proxy}, null],
]
for (const [target, env, found] of cases) {
  test(`${target} with ${JSON.stringify(env)} goes through ${found}`, () => {
    expect(proxyFor(new URL(target), env)?.url.href ?? null).toBe(found)
  })
}

const exempt: [list: string, target: string, isExempt: boolean][] = [
  ['*', 'https://registry.example/', true],
  ['registry.example', 'https://registry.example/', true],
  ['Registry.Example', 'https://registry.example/', true],
  ['example', 'https://registry.example/', true],
  ['.example', 'https://registry.example/', true],
  ['.registry.example', 'https://registry.example/', false],
  ['gistry.example', 'https://registry.example/', false],
  ['other.example, registry.example', 'https://registry.example/', true],
  ['registry.example:5000', 'https://registry.example:5000/', true],
  ['registry.example:5000', 'https://registry.example/', false],
  ['registry.example:443', 'https://registry.example/', true],
  ['10.0.0.1', 'https://10.0.0.1/', true],
  ['0.0.1', 'https://10.0.0.1/', false],
  ['10.0.0.0/8', 'https://10.200.3.4/', true],
  ['10.0.0.0/8', 'https://11.0.0.1/', false],
  ['10.0.0.0/99', 'https://10.0.0.1/', false],
  ['10.0.0.0/8', 'https://10.example/', false],
  ['fd00::/8', 'https://[fd00::1]/', true],
  ['fd00::1', 'https://[fd00::1]/', true],
  ['[fd00::1]:5000', 'https://[fd00::1]:5000/', true],
  ['[fd00::1]:5000', 'https://[fd00::1]/', false],
  [',, ,', 'https://registry.example/', false],
]
for (const [list, target, isExempt] of exempt) {
  test(`NO_PROXY=${list} ${isExempt ? 'exempts' : 'does not exempt'} ${target}`, () => {
    expect(proxyFor(new URL(target), {HTTPS_PROXY: proxy, NO_PROXY: list}) === null).toBe(isExempt)
  })
}

test('user and password of a proxy are kept apart from its address', () => {
  const found = proxyFor(new URL('https://registry.example/'), {HTTPS_PROXY: 'http://user:p%40ss@proxy.example:3128'})
  expect(found?.url.href).toBe(proxy)
  expect(found?.authorization?.reveal()).toBe(`Basic ${Buffer.from('user:p@ss').toString('base64')}`)
})

for (const value of ['socks5://user:s3cret@proxy.example', 'http://[', 'ftp://user:s3cret@proxy.example']) {
  test(`${value} is no proxy, and the error does not repeat it`, () => {
    const find = () => proxyFor(new URL('https://registry.example/'), {HTTPS_PROXY: value})
    expect(find).toThrow(NetError)
    expect(find).toThrow(/^HTTPS_PROXY does not name an HTTP proxy$/)
  })
}
