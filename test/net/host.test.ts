import {expect, test} from 'vitest'
import {hostnameOf, isAmongHosts, isLoopback, spoken} from '../../src/net/host.js'

const loopbacks: [url: string, loopback: boolean][] = [
  ['http://localhost/', true],
  ['http://registry.localhost/', true],
  ['http://127.0.0.1:5000/', true],
  ['http://127.255.0.9/', true],
  ['http://2130706433/', true],
  ['http://[::1]/', true],
  ['http://[::ffff:127.0.0.1]/', true],
  ['http://localhost.example/', false],
  ['http://127.0.0.1.example/', false],
  ['http://notlocalhost/', false],
  ['http://10.0.0.1/', false],
  ['http://0.0.0.0/', false],
]
for (const [url, loopback] of loopbacks)
  test(`${url} ${loopback ? 'is' : 'is not'} this machine`, () =>
    expect(isLoopback(hostnameOf(new URL(url)))).toBe(loopback))

const hosts: [url: string, host: string, among: boolean][] = [
  ['http://registry.example:5000/', 'registry.example', true],
  ['http://registry.example:5000/', 'registry.example:5000', true],
  ['http://registry.example:5000/', 'Registry.example:5000', true],
  ['http://registry.example:5000/', 'registry.example:5001', false],
  ['http://registry.example/', 'registry.example:80', true],
  ['http://registry.example/', 'registry.example:5000', false],
  ['http://registry.example.evil/', 'registry.example', false],
  ['http://evil.registry.example/', 'registry.example', false],
  ['http://[fd00::1]:5000/', '[fd00::1]', true],
]
for (const [url, host, among] of hosts)
  test(`${url} ${among ? 'is' : 'is not'} at ${host}`, () => expect(isAmongHosts(new URL(url), [host])).toBe(among))

test('an address is spoken without what may be secret', () => {
  expect(spoken(new URL('https://user:s3cret@store.example/blob?signature=s3cret#s3cret'))).toBe(
    'https://store.example/blob',
  )
})
