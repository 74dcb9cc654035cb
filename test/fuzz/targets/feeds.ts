import {parseBranch} from '../../../src/advisory/branch-file.js'
import {compileBranch} from '../../../src/advisory/compile.js'
import {parseVector} from '../../../src/advisory/cvss.js'
import {loadScore} from '../../../src/advisory/cvss-score.js'
import {readEpss} from '../../../src/advisory/feeds/epss.js'
import {readKev} from '../../../src/advisory/feeds/kev.js'
import {parseIDs} from '../../../src/advisory/ids.js'
import {parseReleases} from '../../../src/advisory/releases.js'
import {parseSecdb} from '../../../src/advisory/secdb.js'
import {DatabaseError} from '../../../src/model/errors.js'
import {type FuzzTarget, insist} from '../target.js'

const score = await loadScore()

/** Advisory feeds and the database made of them, which may come from anywhere: read, or refused as a database. */
export const target: FuzzTarget = {
  name: 'feeds',
  dictionary: [
    '"packages":',
    '"secfixes":',
    '"pkg":',
    'CVE-2024-1',
    'GHSA-',
    'CVSS:3.1/AV:N',
    'CVSS:4.0/',
    'AV:N/AC:L/Au:N/',
    '\t',
    '#',
    '"__proto__":',
    '0',
    'v3.19',
    '=',
    ' ',
  ],
  mostBytes: 8 * 1024,
  *seeds() {
    const secfixes = {'3.1.4-r3': ['CVE-2030-0001 GHSA-aaaa-bbbb-cccc'], '0': ['CVE-2030-0002']}
    yield Buffer.from(
      JSON.stringify({distroversion: 'v3.19', reponame: 'main', packages: [{pkg: {name: 'openssl', secfixes}}]}),
    )
    const vulnerabilities = [{cveID: 'CVE-2030-0001', dateAdded: '2026-01-10'}]
    yield Buffer.from(JSON.stringify({catalogVersion: '2026.01.10', vulnerabilities}))
    yield Buffer.from('# facts (2026-01-15)\nv3.19\t2023-12-07\t2025-11-01\t3.19.9\n')
    yield Buffer.from('# piton advisories 1 2026-01-15 v3.19\nopenssl\tmain\t3.1.4-r3\tCVE-2030-0001 CVE-1=GHSA-x\n')
    yield Buffer.from('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N')
    yield Buffer.from('AV:N/AC:L/Au:N/C:P/I:P/A:P')
    yield Buffer.from(
      '#model_version:v1,score_date:2026-01-01T00:00:00+0000\ncve,epss,percentile\nCVE-2030-0001,0.1,0.2\n',
    )
  },
  run(input) {
    const text = Buffer.from(input).toString('utf8')
    const warn = ({message}: {message: string}) => insist(message.length < 10_000, 'a warning is a sentence')
    const wanted = new Set(['CVE-2030-0001'])
    attempt(() => compileBranch([parseSecdb(text, 'secdb/v3.19/main.json', warn)], 'v3.19', warn))
    attempt(() => readKev(text, wanted, 'kev'))
    attempt(() => readEpss(new Map([['epss.csv', text]]), wanted, warn))
    attempt(() => parseBranch(input, 'advisories/v3.19.tsv'))
    attempt(() => parseReleases(text))
    parseIDs(text)
    for (const line of text.split(/\s+/, 50)) {
      const vector = parseVector(line)
      if (vector === null) continue
      const value = score(vector)
      insist(value === null || (value >= 0 && value <= 10), `${line} has a score`)
    }
  },
}

function attempt(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    if (!(error instanceof DatabaseError)) throw error
  }
}
