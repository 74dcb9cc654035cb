import {purlOf} from '../../src/apk/purl.js'
import type {AlpineRelease, CvssRating, DatabaseInfo, Fix, Ground, Match, Rating} from '../../src/model/advisory.js'
import type {Hardening} from '../../src/model/elf.js'
import type {ElfFile, Facts, Release} from '../../src/model/facts.js'
import type {NativeFile, NativeModule} from '../../src/model/native.js'
import type {InstalledPackage, Repository} from '../../src/model/package.js'
import type {Script} from '../../src/model/script.js'

/** An installed package; what a test does not name is as in a real Alpine 3.19. */
export function packageOf(overrides: Partial<InstalledPackage> = {}): InstalledPackage {
  const {name = 'libssl3', version = '3.1.4-r2', architecture = 'x86_64'} = overrides
  return {
    name,
    version,
    architecture,
    origin: name,
    description: '',
    url: '',
    license: '',
    maintainer: '',
    commit: '',
    buildTime: null,
    depends: [],
    provides: [],
    installIf: [],
    replaces: [],
    sizeBytes: null,
    installedBytes: null,
    checksum: '',
    repositoryTag: '',
    flags: '',
    files: [],
    line: 1,
    layer: 0,
    purl: purlOf({name, version, architecture, origin: name}, {distro: '', version: ''}),
    ...overrides,
  }
}

export const alpine319: AlpineRelease = {
  branch: 'v3.19',
  released: '2023-12-07',
  endOfLife: '2025-11-01',
  latest: '3.19.9',
  musl: '1.2.4_git20230717-r5',
}

export const alpine321: AlpineRelease = {
  branch: 'v3.21',
  released: '2024-12-05',
  endOfLife: '2026-11-01',
  latest: '3.21.8',
  musl: '1.2.5-r9',
}

export function releaseOf(overrides: Partial<Release> = {}): Release {
  const {version = '3.19.0'} = overrides
  return {
    id: 'alpine',
    version,
    branch: 'v3.19',
    prettyName: 'Alpine Linux v3.19',
    path: 'etc/os-release',
    layer: 0,
    ...overrides,
  }
}

export function databaseOf(overrides: Partial<DatabaseInfo> = {}): DatabaseInfo {
  const reason = 'etc/os-release: VERSION_ID=3.19.0'
  return {
    location: 'data/advisories',
    date: '2025-01-04',
    branch: 'v3.19',
    reason,
    advisories: 7782,
    others: [],
    ...overrides,
  }
}

export function repositoryOf(overrides: Partial<Repository> = {}): Repository {
  return {
    url: 'https://dl-cdn.alpinelinux.org/alpine/v3.19/main',
    tag: null,
    branch: 'v3.19',
    name: 'main',
    path: 'etc/apk/repositories',
    line: 1,
    ...overrides,
  }
}

export function elfFileOf(
  overrides: Partial<Omit<ElfFile, 'hardening'>> & {readonly hardening?: Partial<Hardening>} = {},
): ElfFile {
  return {
    path: 'usr/local/bin/app',
    layer: 1,
    sizeBytes: 1000,
    mode: 0o755,
    package: null,
    sameAs: null,
    class: 64,
    endian: 'little',
    machine: 'x86_64',
    type: 'pie',
    hasCapabilities: false,
    interpreter: '/lib/ld-musl-x86_64.so.1',
    soname: null,
    needed: ['libc.musl-x86_64.so.1'],
    rpath: [],
    runpath: [],
    libc: 'musl',
    language: 'c',
    compilers: ['GCC 13.2.1'],
    buildID: null,
    musl: null,
    ...overrides,
    hardening: hardeningOf(overrides.hardening),
  }
}

/** A script that starts; a test says what keeps it from that. */
export function scriptOf(overrides: Partial<Script> = {}): Script {
  return {path: 'usr/local/bin/run', layer: 1, package: null, line: '/bin/sh', problem: null, ...overrides}
}

/** An add-on for Node that was built for glibc, on its own. */
export function nativeModuleOf(
  overrides: Partial<Omit<NativeModule, 'files'>> & {readonly files?: readonly Partial<NativeFile>[]} = {},
): NativeModule {
  const {files = [{}], ...module} = overrides
  const path = module.path ?? 'app/node_modules/better-sqlite3'
  return {
    ecosystem: 'node',
    name: 'better-sqlite3',
    version: '11.0.0',
    layer: 1,
    ...module,
    path,
    files: files.map(file => ({
      path: `${path}/build/Release/addon.node`,
      layer: 1,
      builtFor: 'glibc',
      evidence: 'needs ld-linux-x86-64.so.2',
      needsGlibcLoader: true,
      machine: 'x86_64',
      twin: null,
      ...file,
    })),
  }
}

/** A file in which nothing is missing; a test names what is. */
export function hardeningOf(overrides: Partial<Hardening> = {}): Hardening {
  const yes = (evidence: string) => ({verdict: 'yes' as const, evidence})
  return {
    pie: yes('ET_DYN with DF_1_PIE'),
    stackProtector: yes('imports __stack_chk_fail'),
    relro: {verdict: 'yes', value: 'full', evidence: 'PT_GNU_RELRO and BIND_NOW'},
    nx: yes('PT_GNU_STACK is RW'),
    fortify: {verdict: 'not-applicable', evidence: 'musl'},
    runPath: yes('no run path'),
    textRelocations: yes('no DT_TEXTREL'),
    writableExecutable: yes('no segment is writable and executable'),
    controlFlow: yes('IBT, SHSTK'),
    ...overrides,
  }
}

export function cvssOf(score: number, overrides: Partial<CvssRating> = {}): CvssRating {
  return {version: '3.1', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score, source: 'nvd', ...overrides}
}

export function ratingOf(score: number | null, overrides: Partial<Rating> = {}): Rating {
  return {cvss: score === null ? [] : [cvssOf(score)], kev: false, epss: null, ...overrides}
}

/** An advisory that the given packages have not reached. */
export function matchOf(
  overrides: Partial<Omit<Match, 'fix'>> & {readonly fix?: Partial<Fix>; readonly score?: number | null} = {},
): Match {
  const {fix, score = 7.5, ...match} = overrides
  const origin = fix?.origin ?? 'openssl'
  return {
    packages: [packageOf({name: 'libcrypto3', origin}), packageOf({name: 'libssl3', origin})],
    rating: ratingOf(score),
    note: null,
    grounds: [groundOf()],
    offer: null,
    ...match,
    fix: {
      id: 'CVE-2023-5678',
      aliases: [],
      branch: 'v3.19',
      repository: 'main',
      fixedVersion: '3.1.4-r3',
      ...fix,
      origin,
    },
  }
}

/** What a finding of openssl in Alpine 3.19 rests on. */
export function groundOf(overrides: Partial<Ground> = {}): Ground {
  const packages = ['libcrypto3', 'libssl3']
  return {
    branch: 'v3.19',
    reason: 'etc/os-release: VERSION_ID=3.19.0',
    repository: 'main',
    date: '2025-01-04',
    fixVersions: ['3.1.4-r3'],
    comparisons: [{installed: '3.1.4-r2', packages, fixed: '3.1.4-r3', order: 'older', note: null}],
    ...overrides,
  }
}

/** A supported Alpine 3.19 in which nothing is wrong. */
export function factsOf(overrides: Partial<Facts> = {}): Facts {
  return {
    release: releaseOf(),
    packages: [packageOf()],
    databasePath: 'lib/apk/db/installed',
    repositories: [repositoryOf()],
    world: [],
    keys: ['alpine-devel@lists.alpinelinux.org-6165ee59.rsa.pub'],
    elfFiles: [],
    modifiedFiles: [],
    system: {libc: 'musl', machine: 'x86_64'},
    scripts: [],
    nativeModules: [],
    loaded: null,
    behaviours: [],
    distribution: null,
    matches: [],
    rejected: [],
    database: databaseOf(),
    coverage: null,
    alpine: alpine319,
    releases: [alpine319, alpine321],
    musl: '1.2.4_git20230717-r4',
    today: '2025-01-10',
    maxDatabaseAge: null,
    audit: null,
    ...overrides,
  }
}
