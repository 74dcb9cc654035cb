import fc from 'fast-check'
import {expect, test} from 'vitest'
import type {Report} from '../../src/model/report.js'
import {reporters} from '../../src/report/index.js'
import {elfFileOf, matchOf, packageOf} from '../support/facts.js'
import {readers} from '../support/media.js'
import {findingOf, reportOf, targetOf} from '../support/report.js'
import {reports} from '../support/reports.js'

/** What must never leave piton raw: everything that moves a cursor, but for the line ends that are ours. */
const obeyed = /[\p{Cc}\p{Bidi_Control}\p{Cs}]/u
const plain = {color: false, width: 80, suppressed: true, explain: true}

test('every format is read back here', () => {
  expect([...readers.keys()].sort()).toEqual([...reporters.keys()].sort())
})

for (const [format, reporter] of reporters) {
  for (const [name, report] of reports) {
    test(`${format}: the same report gives the same bytes, none of which a terminal obeys: ${name}`, async () => {
      const text = await reporter.render(report, plain)
      expect(await reporter.render(report, plain)).toBe(text)
      expect(text.replaceAll('\n', '')).not.toMatch(obeyed)
      expect(text.endsWith('\n')).toBe(true)
      expect(() => readers.get(format)?.(text)).not.toThrow()
    })
  }
}

test('any text in any name leaves every format readable', async () => {
  const anyText = fc.oneof(fc.string({unit: 'binary'}), fc.string())
  await fc.assert(
    fc.asyncProperty(anyText, anyText, anyText, async (name, version, path) => {
      const one = packageOf({name, version, origin: name})
      const report = reportOf(
        {
          packages: [packageOf({files: [{path, checksum: null, owner: null}]})],
          matches: [matchOf({packages: [one], fix: {id: version, origin: name, fixedVersion: path}})],
          elfFiles: [elfFileOf({path})],
          keys: [name],
        },
        {
          target: targetOf({name, reference: path}),
          warnings: [{code: 'TAR_BAD_HEADER', message: version, path}],
          complete: false,
        },
      )
      for (const [format, reporter] of reporters) {
        const text = await reporter.render(report, plain)
        expect(text.replaceAll('\n', '')).not.toMatch(obeyed)
        readers.get(format)?.(text)
      }
    }),
    {numRuns: 200},
  )
})

const large: [name: string, report: () => Report][] = [
  [
    '50,000 packages, which is more than Alpine has',
    () => reportOf({packages: Array.from({length: 50_000}, (_, n) => packageOf({name: `package-${n}`}))}),
  ],
  [
    '5,000 findings',
    () =>
      reportOf(
        {},
        {
          findings: Array.from({length: 5_000}, (_, n) =>
            findingOf({rule: `CVE-2024-${n}`, origin: `origin${n % 500}`}),
          ),
        },
      ),
  ],
  [
    '30,000 files without a package',
    () =>
      reportOf({
        packages: [packageOf({files: [{path: 'x', checksum: null, owner: null}]})],
        elfFiles: Array.from({length: 30_000}, (_, n) => elfFileOf({path: `opt/${n}`})),
      }),
  ],
]
for (const [name, make] of large) {
  test(`every format can be written with ${name}`, async () => {
    const report = make()
    for (const [format, reporter] of reporters) {
      expect((await reporter.render(report, plain)).length, format).toBeGreaterThan(100)
    }
  }, 120_000)
}
