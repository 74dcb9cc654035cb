import {rmSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {type AdvisoryDatabase, openDatabase} from '../../src/advisory/database.js'
import {type FixPlan, fixDockerfile} from '../../src/fix/index.js'
import {scan} from '../../src/scan.js'
import {type Built, dockerBuild} from '../support/docker-build.js'
import {temporaryFile} from '../support/files.js'
import {fixCases} from '../support/fix-cases.js'
import {fixDatabase, now, then} from '../support/fix-world.js'

let built = {folder: '', database: ''}
let database: AdvisoryDatabase
beforeAll(async () => {
  built = await fixDatabase()
  database = openDatabase(built.database)
})
afterAll(() => rmSync(built.folder, {recursive: true, force: true}))

/** What piton says of an image, and of the Dockerfile that it was built from. */
async function ask({image}: Built, text: string, stage: string | null = null) {
  const result = await scan(temporaryFile(image), {
    database,
    today: '2025-01-20',
    policy: {checks: ['vulnerabilities']},
    dockerfile: {given: {path: 'Dockerfile', text}, find: () => [], target: stage},
  })
  const {report, facts, remaining, upgrades, build} = result
  const plan = fixDockerfile({
    dockerfile: {path: 'Dockerfile', text},
    stage,
    history: build?.history ?? [],
    platform: build?.platform ?? null,
    layers: report.target.layers,
    reference: 'app',
    facts,
    findings: remaining,
    upgrades,
  })
  return {plan, findings: remaining.length}
}

const summary = ({removes, findings, remaining}: FixPlan) => ({removes, findings, stay: remaining})

describe('an edit', () => {
  for (const {name, before, after, removes, of, worlds: [old, today] = [then, now]} of fixCases) {
    test(name, async () => {
      const image = dockerBuild(before, old)
      const {plan} = await ask(image, before)
      expect(plan.after).toBe(after)
      expect(summary(plan)).toMatchObject({removes, findings: of})

      // Another look at the old image has nothing to add.
      const again = await ask(image, after)
      expect(again.plan.after).toBe(after)
      expect(again.plan.rebuild).toEqual({findings: removes, withoutCache: false})

      // The next build, with what the cache still has, keeps the promise.
      const next = dockerBuild(after, today, image)
      const then = await ask(next, after)
      expect(then.findings).toBe(of - removes)
      expect(then.plan.after).toBe(after)
    })
  }
})
