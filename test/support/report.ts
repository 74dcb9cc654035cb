import type {Facts} from '../../src/model/facts.js'
import type {Finding, Report} from '../../src/model/report.js'
import {adviseOn} from '../../src/policy/advice.js'
import {applyPolicy} from '../../src/policy/index.js'
import {rules} from '../../src/rules/index.js'
import {runRules} from '../../src/rules/run.js'
import {cvssOf, factsOf, groundOf} from './facts.js'

/** The report that the pipeline would make of these facts. */
export function reportOf(facts: Partial<Facts> = {}, overrides: Partial<Report> = {}): Report {
  const known = factsOf(facts)
  const {release, alpine, database, packages, elfFiles, today} = known
  const target = {...targetOf(), ...overrides.target}
  const found = runRules(rules, known, {image: target.name, layers: target.layers})
  const {shown, hidden} = applyPolicy(found, {})
  return {
    tool: {name: 'piton', version: '0.1.0'},
    target,
    release: release && {
      id: release.id,
      version: release.version,
      branch: release.branch,
      prettyName: release.prettyName,
      endOfLife: alpine?.endOfLife ?? null,
      communityEnd: null,
      latest: alpine?.latest ?? null,
      musl: known.musl,
    },
    database,
    coverage: known.coverage,
    today,
    complete: true,
    warnings: [],
    packages,
    files: elfFiles,
    findings: shown,
    suppressed: [],
    baseline: null,
    fallbackLocation: null,
    rejected: known.rejected,
    hidden,
    rules,
    advice: adviseOn(shown, {...known, packages: installedOf(known)}),
    loaded: known.loaded,
    audit: known.audit,
    ...overrides,
  }
}

/** The packages, and those that matches are about. */
function installedOf({packages, matches}: Facts): Facts['packages'] {
  const others = matches.flatMap(match => match.packages)
  return [...new Map([...others, ...packages].map(one => [one.name, one])).values()]
}

export function targetOf(overrides: Partial<Report['target']> = {}): Report['target'] {
  return {
    reference: 'docker-archive:app.tar',
    kind: 'image',
    name: 'app:1.2',
    platform: 'linux/amd64',
    imageID: null,
    manifestDigest: null,
    layers: [
      {diffID: null, createdBy: 'ADD alpine-minirootfs.tar.gz / # buildkit', base: true, verified: true},
      {diffID: null, createdBy: 'COPY app /usr/local/bin/app # buildkit', base: false, verified: true},
    ],
    base: null,
    ...overrides,
  }
}

export function findingOf(overrides: Partial<Finding> = {}): Finding {
  return {
    fingerprint: '0123456789abcdef:1',
    rule: 'CVE-2023-5678',
    ruleID: 'vulnerability',
    family: 'vulnerability',
    severity: 'high',
    ownSeverity: null,
    raisedBy: null,
    title: 'CVE-2023-5678 in openssl',
    message: "Package 'libssl3' '3.1.4-r2' (of 'openssl') has 'CVE-2023-5678', fixed in '3.1.4-r3'.",
    evidence: 'v3.19/main: openssl 3.1.4-r2 < 3.1.4-r3',
    origin: 'openssl',
    packages: [{name: 'libssl3', version: '3.1.4-r2'}],
    fixedVersion: '3.1.4-r3',
    aliases: [],
    names: [],
    cvss: [cvssOf(7.5)],
    kev: false,
    epss: null,
    grounds: [groundOf()],
    offer: null,
    path: 'lib/apk/db/installed',
    line: 12,
    layer: {index: 0, diffID: null, createdBy: null, base: true},
    dockerfile: null,
    loaded: null,
    suppressed: null,
    baselineState: null,
    fix: {text: "Upgrade 'libssl3' to '3.1.4-r3' or later.", command: 'apk add --upgrade libssl3'},
    ...overrides,
  }
}
