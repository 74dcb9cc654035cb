import {expect, test} from 'vitest'
import type {Hardening} from '../../src/model/elf.js'
import type {ElfFile} from '../../src/model/facts.js'
import type {Severity} from '../../src/model/severity.js'
import type {Verdict} from '../../src/model/verdict.js'
import {hardeningRules} from '../../src/rules/hardening/index.js'
import {ruleByID} from '../../src/rules/index.js'
import {elfFileOf, factsOf, packageOf} from '../support/facts.js'

type Overrides = Parameters<typeof elfFileOf>[0]

const checkOf: readonly (readonly [rule: string, property: keyof Hardening, severity: Severity])[] = [
  ['PT2001', 'pie', 'medium'],
  ['PT2002', 'stackProtector', 'medium'],
  ['PT2003', 'relro', 'low'],
  ['PT2004', 'nx', 'high'],
  ['PT2005', 'fortify', 'low'],
  ['PT2006', 'runPath', 'high'],
  ['PT2007', 'textRelocations', 'medium'],
  ['PT2008', 'writableExecutable', 'high'],
  ['PT2010', 'controlFlow', 'note'],
]

/** A file for glibc, which every rule applies to, without this property. */
function without(property: keyof Hardening, overrides: Overrides = {}, verdict: Verdict = 'no'): ElfFile {
  return elfFileOf({libc: 'glibc', ...overrides, hardening: {[property]: {verdict, evidence: 'as the bytes say'}}})
}

function drafts(rule: string, ...elfFiles: ElfFile[]) {
  return [
    ...(ruleByID(rule)?.check(factsOf({elfFiles, packages: [packageOf({name: 'openrc', origin: 'openrc-origin'})]})) ??
      []),
  ]
}

test('the rules are those of the contract, with their names and severities', () => {
  expect(hardeningRules.map(({id, name, severity}) => `${id} ${name} ${severity}`)).toEqual([
    'PT2001 PositionIndependentExecutable medium',
    'PT2002 StackProtector medium',
    'PT2003 RelocationReadOnly low',
    'PT2004 ExecutableStack high',
    'PT2005 FortifySource low',
    'PT2006 InsecureRunPath high',
    'PT2007 TextRelocations medium',
    'PT2008 WritableExecutableSegment high',
    'PT2009 SetuidHardening high',
    'PT2010 ControlFlowProtection note',
  ])
})

for (const [rule, property, severity] of checkOf) {
  for (const verdict of ['yes', 'unknown', 'not-applicable'] as const) {
    test(`${rule}: ${verdict} is no finding`, () => expect(drafts(rule, without(property, {}, verdict))).toEqual([]))
  }
  test(`${rule}: no is one, with its place and evidence`, () => {
    expect(drafts(rule, without(property, {path: 'usr/bin/x', layer: 3}))).toMatchObject([
      {
        severity,
        at: {path: 'usr/bin/x', layer: 3},
        evidence: 'as the bytes say',
        identity: ['usr/bin/x'],
        message: expect.stringMatching(/^'usr\/bin\/x' .*\.$/),
        fix: {text: expect.stringMatching(/^[A-Z].*\.$/), command: null},
      },
    ])
  })
  test(`${rule}: looks at nothing else`, () => {
    const others = checkOf.filter(([other]) => other !== rule).map(([, other]) => without(other))
    expect(drafts(rule, ...others)).toEqual([])
  })
}

const privileges: [name: string, file: Overrides, raisedTo: Severity | null, words: string][] = [
  ['setuid', {mode: 0o4755}, 'high', 'It is setuid, which makes this worse (PT2009).'],
  ['setgid', {mode: 0o2755}, 'high', 'It is setgid, which makes this worse (PT2009).'],
  ['setuid and setgid', {mode: 0o6755}, 'high', 'It is setuid'],
  ['capabilities', {hasCapabilities: true}, 'high', 'It has file capabilities'],
  ['sticky', {mode: 0o1755}, null, ''],
  ['none', {mode: 0o755}, null, ''],
]
for (const [name, file, raisedTo, words] of privileges) {
  test(`PT2009: ${name}`, () => {
    const [draft] = drafts('PT2001', without('pie', file))
    expect(draft?.severity).toBe(raisedTo ?? 'medium')
    expect(draft?.raisedBy).toBe(raisedTo === null ? undefined : 'PT2009')
    expect(draft?.message).toContain(words)
    expect(draft?.evidence.includes('PT2009')).toBe(raisedTo !== null)
  })
}

test('PT2009: a note stays a note', () => {
  const [draft] = drafts('PT2010', without('controlFlow', {mode: 0o4755}))
  expect([draft?.severity, draft?.raisedBy]).toEqual(['note', undefined])
})

test('PT2009 finds nothing of its own, and changes no identity', () => {
  const [plain] = drafts('PT2001', without('pie'))
  const [raised] = drafts('PT2001', without('pie', {mode: 0o4755}))
  expect(drafts('PT2009', without('pie', {mode: 0o4755}))).toEqual([])
  expect(raised?.identity).toEqual(plain?.identity)
})

test('of hard links to one file only one is a finding', () => {
  expect(drafts('PT2001', without('pie', {path: 'bin/ls', sameAs: 'bin/busybox'}))).toEqual([])
})

const skipped: [path: string, reason: string][] = [
  ['lib/firmware/rtw.elf', 'firmware of a device'],
  ['usr/lib/firmware/rtw.elf', 'firmware of a device'],
  ['lib/modules/6.6.1-0-lts/vdso/vdso64.so', 'the kernel maps it'],
  ['boot/vmlinux', 'the kernel'],
  ['usr/lib/grub/i386-pc/kernel.img', 'runs before the kernel'],
  ['usr/share/syslinux/ldlinux.c32', 'runs before the kernel'],
  ['usr/share/qemu/s390-ccw.img', 'runs inside of a virtual machine'],
  ['usr/lib/debug/bin/busybox.debug', 'debugging information'],
  ['usr/lib/go/src/debug/elf/testdata/gcc-386-freebsd-exec', 'test data'],
]
for (const [path, reason] of skipped) {
  test(`not judged: ${path}, ${reason}`, () => expect(drafts('PT2004', without('nx', {path}))).toEqual([]))
}

for (const path of ['usr/bin/qemu-x86_64', 'usr/lib/qemu/qemu-bridge-helper', 'usr/lib/libfirmware.so', 'opt/boot/x']) {
  test(`judged: ${path}`, () => expect(drafts('PT2004', without('nx', {path}))).toHaveLength(1))
}

for (const machine of ['bpf', 'none', 'xtensa', '0xfeed']) {
  test(`not judged: a file for ${machine}`, () => expect(drafts('PT2004', without('nx', {machine}))).toEqual([]))
}

const exceptions: [name: string, rule: string, file: ElfFile, severity: Severity | null][] = [
  [
    'the loader of musl runs before there is a stack guard',
    'PT2002',
    without('stackProtector', {type: 'shared', soname: 'libc.musl-x86_64.so.1'}),
    null,
  ],
  ['musl under its own name', 'PT2002', without('stackProtector', {soname: 'libc.so'}), null],
  ['glibc', 'PT2002', without('stackProtector', {soname: 'libc.so.6'}), null],
  ['the loader of glibc', 'PT2002', without('stackProtector', {soname: 'ld-linux-x86-64.so.2'}), null],
  ['another library', 'PT2002', without('stackProtector', {soname: 'libcurl.so.4'}), 'medium'],
  ['musl grants a library no stack', 'PT2004', without('nx', {type: 'shared', libc: 'musl'}), 'low'],
  ['musl grants the program what it asks', 'PT2004', without('nx', {type: 'pie', libc: 'musl'}), 'high'],
  ['glibc grants it to a library', 'PT2004', without('nx', {type: 'shared', libc: 'glibc'}), 'high'],
  ['musl heeds no mark', 'PT2010', without('controlFlow', {libc: 'musl'}), null],
  [
    'the kernel heeds that of a static aarch64 program',
    'PT2010',
    without('controlFlow', {libc: 'musl', machine: 'aarch64', type: 'static-pie'}),
    'note',
  ],
  ['go has no option for it', 'PT2010', without('controlFlow', {language: 'go'}), null],
]
for (const [name, rule, file, severity] of exceptions) {
  test(`${rule}: ${name}`, () =>
    expect(drafts(rule, file).map(draft => draft.severity)).toEqual(severity === null ? [] : [severity]))
}

const remedies: [rule: string, file: ElfFile, words: string][] = [
  ['PT2001', without('pie', {language: 'c'}), 'Compile with -fPIE and link with -pie (a static program: -static-pie).'],
  ['PT2001', without('pie', {language: 'c++'}), 'Compile with -fPIE'],
  ['PT2001', without('pie', {language: 'unknown'}), 'Compile with -fPIE'],
  ['PT2001', without('pie', {language: 'go'}), 'Build with go build -buildmode=pie.'],
  ['PT2001', without('pie', {language: 'rust'}), "Build with RUSTFLAGS='-C relocation-model=pie'."],
  ['PT2002', without('stackProtector'), 'Compile with -fstack-protector-strong.'],
  ['PT2003', without('relro'), 'Link with -Wl,-z,relro,-z,now.'],
  ['PT2004', without('nx'), 'and link with -Wl,-z,noexecstack.'],
  ['PT2005', without('fortify'), 'Compile with -O2 -D_FORTIFY_SOURCE=2.'],
  ['PT2006', without('runPath'), 'patchelf --remove-rpath.'],
  ['PT2010', without('controlFlow'), '-fcf-protection=full.'],
  ['PT2010', without('controlFlow', {machine: 'aarch64'}), '-mbranch-protection=standard.'],
  [
    'PT2003',
    without('relro', {package: 'openrc'}),
    'Take a newer build of the package, or report it to its maintainer, who has to link with -Wl,-z,relro,-z,now.',
  ],
]
for (const [rule, file, words] of remedies) {
  test(`${rule}: what to do, ${file.package ?? file.language} on ${file.machine}`, () => {
    expect(drafts(rule, file)[0]?.fix.text).toContain(words)
  })
}

test('a file of a package names it and its origin', () => {
  expect(drafts('PT2001', without('pie', {package: 'openrc'}))[0]).toMatchObject({
    origin: 'openrc-origin',
    packages: [{name: 'openrc', version: '3.1.4-r2'}],
  })
  expect(drafts('PT2001', without('pie'))[0]).not.toHaveProperty('packages')
})

test('RELRO says what stays writable', () => {
  const relro = (value: 'none' | 'partial') => elfFileOf({hardening: {relro: {verdict: 'no', value, evidence: ''}}})
  expect(drafts('PT2003', relro('none'))[0]?.message).toContain('has no RELRO')
  expect(drafts('PT2003', relro('partial'))[0]?.message).toContain('has partial RELRO only')
})

test('a run path of a megabyte is cut', () => {
  const file = elfFileOf({hardening: {runPath: {verdict: 'no', evidence: 'x'.repeat(1e6)}}})
  expect(JSON.stringify(drafts('PT2006', file)).length).toBeLessThan(5_000)
})

for (const {id, help} of hardeningRules) {
  test(`${id} says why, and how to fix it`, () => {
    expect(help.why).toMatch(/\.$/)
    expect(help.fix).toMatch(/\.$/)
    for (const link of help.links) expect(link).toMatch(/^https:\/\//)
  })
}
