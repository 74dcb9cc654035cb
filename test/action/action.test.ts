import {existsSync, readFileSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {runAction} from '../support/action-runner.js'
import {parseCommands} from '../support/media.js'

const shop = fileURLToPath(new URL('../fixtures/images/shop.tar', import.meta.url))
const dockerfile = 'FROM alpine:3.20.1\nRUN apk add --no-cache nginx curl expat\nCOPY shop /usr/local/bin/shop\n'

describe.concurrent('the action', () => {
  test('shows summary and annotations, stores the reports, and lets the job pass without a gate', async () => {
    const {code, log, summary, outputs, used} = await runAction({path: shop}, {files: {Dockerfile: dockerfile}})
    expect([code, outputs['exit-code']]).toEqual([0, '0'])
    expect(Number(outputs['findings'])).toBeGreaterThan(10)
    expect(summary).toMatch(/^## piton: \d+ findings in `shop:1\.0`/)
    expect(summary).toContain('### What to do first')
    expect(summary).toContain('### The worst (10)')
    expect(log).toMatch(/^::error file=Dockerfile,line=2,endLine=2,title=CVE-/m)
    expect(log).toContain('openssl 3.3.1-r0 (libcrypto3, libssl3)')
    expect(JSON.parse(readFileSync(outputs['sarif'] ?? '', 'utf8')).version).toBe('2.1.0')
    expect(JSON.parse(readFileSync(outputs['json'] ?? '', 'utf8')).schemaVersion).toBe(1)
    expect(used).toEqual([{uses: 'actions/upload-artifact@v4', with: expect.objectContaining({name: 'piton'})}])
  })

  test('keeps the exit code of the gate, after everything was stored', async () => {
    const {code, outputs, summary, used} = await runAction({path: shop, 'fail-on': 'high'})
    expect([code, outputs['exit-code']]).toEqual([1, '1'])
    expect(summary).toContain('findings in `shop:1.0`')
    expect(used).toHaveLength(1)
  })

  test('hands on what it was given, as it was given', async () => {
    const inputs = {
      path: shop,
      severity: 'critical',
      dockerfile: 'a file',
      args: '--check\nvulnerabilities\n',
      artifact: '',
    }
    const {code, outputs, log, used} = await runAction(inputs, {files: {'a file': dockerfile}})
    expect([code, outputs['findings'], used]).toEqual([0, '3', []])
    expect(log).toContain('file=a file,line=')
  })

  const failing: [name: string, inputs: Record<string, string>, said: RegExp][] = [
    ['nothing to scan', {}, /::error title=piton::Give an image or a path/],
    ['two things to scan', {path: shop, image: 'x'}, /::error title=piton::Give either image or path/],
    ['a target that is not there', {path: './nope.tar'}, /piton: .*nope\.tar/],
    ['what would be a command in a shell', {path: './$(touch pwned); touch pwned'}, /piton: .*touch pwned/],
    ['what would be a flag', {path: '--help'}, /piton: /],
    ['a flag that is none', {path: shop, args: '--nope'}, /--nope/],
  ]
  for (const [name, inputs, said] of failing) {
    test(`fails with 2: ${name}`, async () => {
      const {code, log, outputs, used} = await runAction({upload: 'true', ...inputs})
      expect(code).toBe(2)
      expect(log).toMatch(said)
      expect([outputs['sarif'], used]).toEqual(['', []])
    })
  }

  test('sends nothing for a pull request from a fork, and says so', async () => {
    const event = {pull_request: {head: {repo: {full_name: 'someone/app'}}}}
    const {code, log} = await runAction({path: shop, upload: 'true'}, {event})
    expect(code).toBe(0)
    expect(log).toMatch(/^::notice title=piton::A pull request from a fork may not write to code scanning/m)
  })
})

test('annotations of the action are commands that the runner takes', async () => {
  const {log} = await runAction({path: shop})
  const commands = log.split('\n').filter(line => line.startsWith('::'))
  expect(commands.length).toBeGreaterThan(5)
  expect(parseCommands(commands.join('\n')).every(({command}) => /^(?:error|warning|notice)$/.test(command))).toBe(true)
})

test('a workflow uses the action with inputs that it has, and the rights that it needs', () => {
  const read = (path: string) => parse(readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8'))
  const {inputs} = read('.github/actions/scan/action.yml')
  const workflow = read('.github/workflows/self-scan.yml')
  const step = workflow.jobs.scan.steps.find(({uses}: {uses?: string}) => uses === './.github/actions/scan')
  expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(step.with)))
  expect(workflow.jobs.scan.permissions).toMatchObject({'security-events': 'write'})
  const [, file = '', line = ''] = /--sarif-location=(\S+):(\d+)/.exec(step.with.args) ?? []
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  expect(existsSync(path) && readFileSync(path, 'utf8').split('\n')[Number(line) - 1]).toContain(step.with.image)
})
