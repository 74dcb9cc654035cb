import {readFileSync, rmSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {dockerBuild} from '../support/docker-build.js'
import {temporaryFolder} from '../support/files.js'
import {fixCases} from '../support/fix-cases.js'
import {earlier, fixDatabase, now} from '../support/fix-world.js'
import {piton} from '../support/piton.js'

let built = {folder: '', database: ''}
beforeAll(async () => {
  built = await fixDatabase()
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

/** The whole way of a person: fix, look again, build, scan. */
describe.concurrent('piton fix --write', () => {
  for (const {name, before, after, removes, of, worlds: [old, today] = [earlier, now]} of fixCases) {
    test(name, async () => {
      const cwd = temporaryFolder()
      const file = join(cwd, 'Dockerfile')
      const image = dockerBuild(before, old)
      writeFileSync(file, before)
      writeFileSync(join(cwd, 'old.tar'), image.image)
      const usual = ['--db', built.database, '--at', '2025-01-20', '--no-cache']
      const fix = () => piton(['fix', 'old.tar', '--write', '-o', 'json', ...usual], {cwd})
      const scan = async (target: string) => {
        const {stdout} = await piton(['scan', target, '--check', 'vulnerabilities', '-o', 'json', ...usual], {cwd})
        return JSON.parse(stdout).findings.length
      }

      const first = await fix()
      expect([first.code, first.stderr]).toEqual([0, ''])
      expect(readFileSync(file, 'utf8')).toBe(after)
      expect(JSON.parse(first.stdout)).toMatchObject({written: true, findings: of, removes})

      const second = await fix()
      expect([second.code, second.stderr]).toEqual([0, ''])
      expect(readFileSync(file, 'utf8')).toBe(after)
      expect(JSON.parse(second.stdout)).toMatchObject({written: false, patch: '', rebuild: {findings: removes}})

      writeFileSync(join(cwd, 'new.tar'), dockerBuild(after, today, image).image)
      expect([await scan('old.tar'), await scan('new.tar')]).toEqual([of, of - removes])
    })
  }
})
