import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {groupBy} from '../../src/model/group.js'
import {LibcTables} from '../../src/musl/index.js'
import {shared} from '../support/shared.js'
import {asResult, environments, expected, judge, type LoaderCase, resultOf} from './loader-cases.js'
import {npmPackage, sha256} from './npm-packages.js'

/** All 355 files are 2.9 GB: `PITON_LOADER_CASES=all`. The sample is small, and has every label, libc and verdict. */
const all = process.env['PITON_LOADER_CASES'] === 'all'
const sampleBytes = 3_000_000

const truth = shared('libc/loader-cases-dev.ndjson')
const cases: readonly LoaderCase[] =
  truth === null
    ? []
    : readFileSync(truth, 'utf8')
        .trim()
        .split('\n')
        .map(line => JSON.parse(line))
const packages = [...groupBy(cases, ({package: name}) => name)]
const sample = all
  ? packages
  : packages.filter(([, files]) => files.reduce((sum, {size}) => sum + size, 0) < sampleBytes)

const data = (name: string) => readFileSync(new URL(`../../data/libc/${name}.tsv`, import.meta.url), 'utf8')
const tables = new LibcTables(data)

/** musl 1.1.20 itself crashed when it listed these. */
const crashed = (name: string, verdict: string) => name === 'alpine39' && verdict === 'crash'

/** The loader of musl 1.1.20 and 1.2.5, started for each file in a root folder, is the judge. */
describe.skipIf(truth === null)('the verdicts of the real loader', () => {
  describe.each(sample)('%s', (name, files) => {
    test('every file in every environment', context => {
      const folder = npmPackage(name)
      if (folder === null) return context.skip(`${name} cannot be fetched: is this machine offline?`)
      for (const file of files) {
        expect(sha256(join(folder, file.path))).toBe(file.sha256)
        for (const environment of environments) {
          const result = resultOf(file, environment)
          if (result === undefined || crashed(environment, result.verdict)) continue
          const found = asResult(judge(file, folder, environment, tables), file)
          expect({file: file.path, environment, ...found}).toEqual({
            file: file.path,
            environment,
            ...expected(result, found),
          })
        }
      }
    })
  })
})
