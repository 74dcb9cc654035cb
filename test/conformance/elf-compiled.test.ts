import {afterAll, describe, expect, test} from 'vitest'
import {memorySource} from '../../src/bytes/source.js'
import {hardening} from '../../src/elf/hardening.js'
import {originOf} from '../../src/elf/origin.js'
import {readElf} from '../../src/elf/read.js'
import type {ElfType, Hardening} from '../../src/model/elf.js'
import type {Verdict} from '../../src/model/verdict.js'
import {type Compiler, Workbench, withoutFrameTable, withoutSections} from '../support/compilers.js'
import {hasTool, readelfFrames} from '../support/readelf.js'

/** A function with a buffer, which a protector protects, and calls that FORTIFY replaces. */
const program = `
  #include <stdio.h>
  #include <string.h>
  int fill(const char *text) { char buffer[64]; strcpy(buffer, text); return printf("%s %d\\n", buffer, (int)strlen(buffer)); }
  int main(int count, char **arguments) { return count > 1 ? fill(arguments[1]) : 0; }
`

interface Variant {
  readonly name: string
  readonly flags: readonly string[]
  readonly type?: ElfType
  /** What is otherwise than in the first variant. */
  readonly expected: Partial<Record<keyof Hardening, Verdict>>
  readonly relro?: string
  readonly only?: (compiler: Compiler) => boolean
}

const strong = '-fstack-protector-strong'
const pie = ['-fPIE', '-pie']
const now = '-Wl,-z,relro,-z,now'
const usual = ['-O2', strong, ...pie, now, '-Wl,-z,noexecstack', '-D_FORTIFY_SOURCE=2']
const without = (...left: string[]) => usual.filter(flag => !left.includes(flag))
const noFrames = ['-fno-asynchronous-unwind-tables', '-fno-unwind-tables', '-fno-exceptions']
const glibc = ({libc}: Compiler) => libc === 'glibc'

/** All that {@link usual} gives. */
const hardened: Partial<Record<keyof Hardening, Verdict>> = {
  pie: 'yes',
  stackProtector: 'yes',
  relro: 'yes',
  nx: 'yes',
  fortify: 'yes',
  runPath: 'yes',
  textRelocations: 'yes',
  writableExecutable: 'yes',
}

const variants: readonly Variant[] = [
  {name: 'everything on', flags: usual, expected: {}},
  {name: 'everything on, -O0', flags: ['-O0', ...without('-O2', '-D_FORTIFY_SOURCE=2')], expected: {fortify: 'no'}},
  {name: '-no-pie', flags: ['-no-pie', '-fno-pie', ...without(...pie)], type: 'executable', expected: {pie: 'no'}},
  {name: '-shared', flags: ['-fPIC', '-shared', ...without(...pie)], type: 'shared', expected: {pie: 'not-applicable'}},
  {name: '-fno-stack-protector', flags: [...usual, '-fno-stack-protector'], expected: {stackProtector: 'no'}},
  {
    name: '-fno-stack-protector -O0',
    flags: ['-O0', ...without('-O2'), '-fno-stack-protector'],
    expected: {stackProtector: 'no', fortify: 'no'},
  },
  {
    name: '-fno-stack-protector without unwind information',
    flags: [...usual, '-fno-stack-protector', ...noFrames],
    expected: {stackProtector: 'no'},
  },
  {name: '-fstack-protector-all', flags: [...usual, '-fstack-protector-all'], expected: {}},
  {name: '-z lazy', flags: [...without(now), '-Wl,-z,relro,-z,lazy'], expected: {relro: 'no'}, relro: 'partial'},
  {name: '-z norelro', flags: [...without(now), '-Wl,-z,norelro,-z,lazy'], expected: {relro: 'no'}, relro: 'none'},
  {
    name: '-z norelro -z now',
    flags: [...without(now), '-Wl,-z,norelro,-z,now'],
    expected: {relro: 'no'},
    relro: 'none',
  },
  {name: '-z execstack', flags: [...usual, '-Wl,-z,execstack'], expected: {nx: 'no'}},
  {name: '-U_FORTIFY_SOURCE', flags: [...usual, '-U_FORTIFY_SOURCE'], expected: {fortify: 'no'}},
  {name: '-rpath', flags: [...usual, '-Wl,-rpath,/tmp/lib,--disable-new-dtags'], expected: {runPath: 'no'}},
  {name: '-rpath, new tags', flags: [...usual, '-Wl,-rpath,lib,--enable-new-dtags'], expected: {runPath: 'no'}},
  {
    name: '-N',
    flags: ['-static', '-no-pie', '-Wl,--omagic', ...without(...pie)],
    type: 'static',
    expected: {pie: 'no', writableExecutable: 'no'},
    only: ({command}) => command === 'gcc',
  },
  {
    name: '-shared without -fPIC',
    flags: ['-shared', '-fno-pic', '-Wl,-z,notext', ...without(...pie)],
    type: 'shared',
    expected: {pie: 'not-applicable', textRelocations: 'no'},
    only: ({machine}) => machine === 'i386',
  },
  {
    name: 'IBT and SHSTK',
    flags: [...usual, '-Wl,-z,ibt,-z,shstk'],
    expected: {controlFlow: 'yes'},
    only: ({machine}) => machine === 'x86_64',
  },
  {
    name: '-z force-bti',
    flags: [...usual, '-mbranch-protection=standard', '-Wl,-z,force-bti'],
    expected: {controlFlow: 'no'},
    only: ({machine}) => machine === 'aarch64',
  },
  {name: '-static', flags: ['-static', '-no-pie', ...without(...pie)], type: 'static', expected: {pie: 'no'}},
  {
    name: '-static -fno-stack-protector',
    flags: ['-static', '-no-pie', ...without(...pie), '-fno-stack-protector'],
    type: 'static',
    expected: {pie: 'no', stackProtector: 'no'},
  },
  {
    name: '-static -fno-stack-protector -O0',
    flags: ['-O0', '-static', '-no-pie', ...without(...pie, '-O2'), '-fno-stack-protector'],
    type: 'static',
    expected: {pie: 'no', stackProtector: 'no'},
  },
  {
    name: '-static -O0',
    flags: ['-O0', '-static', '-no-pie', ...without(...pie, '-O2')],
    type: 'static',
    expected: {pie: 'no'},
  },
  {
    name: '-static-pie',
    flags: ['-static-pie', '-fPIE', ...without(...pie)],
    type: 'static-pie',
    expected: {},
    only: glibc,
  },
]

/** Verdicts that may be unknown of one file or another; everything else is in every file. */
const mayBeUnknown: ReadonlySet<string> = new Set(['stackProtector', 'fortify'])

const bench = new Workbench()
const compilers = bench.compilers()
afterAll(() => bench.clean())

for (const compiler of compilers) {
  describe(`${compiler.command}, ${compiler.machine}`, () => {
    for (const variant of variants) {
      if (variant.only?.(compiler) === false) continue
      const compiled = bench.compile(compiler, program, variant.flags)
      if (compiled === null) {
        test.skip(`${variant.name}: does not link here`, () => {})
        continue
      }
      const stripped = bench.strip(compiler, compiled)
      for (const [state, bytes] of [
        ['as linked', compiled],
        ['stripped', stripped],
        ['without sections', withoutSections(stripped)],
      ] as const) {
        test(`${variant.name}, ${state}`, () => judge(compiler, variant, bytes))
      }
    }
  })
}

function judge({libc, machine}: Compiler, {type = 'pie', expected, relro = 'full'}: Variant, bytes: Uint8Array): void {
  const elf = readElf(memorySource(bytes), 'x')
  const judged = hardening(elf)
  expect([elf.type, elf.header.machine, originOf(elf).libc, elf.warnings]).toEqual([type, machine, libc, []])
  const isStatic = type.startsWith('static')
  if (!isStatic) expect(judged.relro.value).toBe(relro)
  for (const [name, verdict] of Object.entries({...hardened, ...expected})) {
    const {verdict: actual, evidence} = judged[name as keyof Hardening]
    if (actual === 'unknown' && mayBeUnknown.has(name)) continue
    // Of a static file the loader's checks say nothing, and musl's fortify leaves nothing to see.
    if (actual === 'not-applicable' && (isStatic || (name === 'fortify' && libc === 'musl'))) continue
    if (isStatic && name === 'relro') continue
    expect([name, actual, evidence]).toEqual([name, verdict, evidence])
  }
}

test.skipIf(compilers.length === 0)('the stack protector of dynamic files is told on every architecture', () => {
  const unknown = compilers.flatMap(compiler =>
    [usual, [...usual, '-fno-stack-protector'], [...usual, '-fno-stack-protector', ...noFrames]].flatMap(flags => {
      const compiled = bench.compile(compiler, program, flags)
      if (compiled === null) return []
      const bytes = withoutSections(bench.strip(compiler, compiled))
      const {verdict, evidence} = hardening(readElf(memorySource(bytes), 'x')).stackProtector
      return verdict === 'unknown' ? [`${compiler.command}: ${evidence}`] : []
    }),
  )
  expect(unknown).toEqual([])
})

/** Functions that -fstack-protector-strong leaves alone, although they have to do with addresses on the stack or look so. */
const needless: readonly (readonly [name: string, source: string])[] = [
  ['parameters whose address is taken', 'int g(); int f(int a, char *b) { g(&a, &b); return a; }'],
  [
    'a parameter on the stack',
    'int g(); long f(long a, long b, long c, long d, long e, long x, long y, long z) { g(&z); return z; }',
  ],
  [
    'variable arguments',
    '#include <stdarg.h>\nint v(); void f(char *s, ...) { va_list a; va_start(a, s); v(s, a); va_end(a); }',
  ],
  [
    'a field before another',
    'struct l { struct l *n; }; void g(); void f(struct l *h) { for (struct l *i = h->n; i != h; i = i->n) g((char *)i - 16); }',
  ],
  ['arguments on the stack', 'void g(); void f(long a) { g(a, a, a, a, a, a, a, a, a, a); }'],
]

test.skipIf(compilers.length === 0)('code that a protector leaves alone has no finding', () => {
  const wrong = compilers.flatMap(compiler =>
    needless.flatMap(([name, source]) =>
      // -Os makes room by a push, which is not followed.
      (name === 'a parameter on the stack' ? ['-O2'] : ['-O2', '-Os']).flatMap(level => {
        const compiled = bench.compile(compiler, source, [level, '-fPIC', '-shared', strong])
        if (compiled === null) return []
        const {verdict, evidence} = hardening(readElf(memorySource(compiled), 'x')).stackProtector
        return verdict === 'no' ? [`${compiler.command} ${level}, ${name}: ${evidence}`] : []
      }),
    ),
  )
  expect(wrong).toEqual([])
})

const assembly: ReadonlyMap<string, string> = new Map([
  ['x86_64', 'lea 16(%rsp), %rdi; ret'],
  ['i386', 'lea 16(%esp), %edi; ret'],
  ['aarch64', 'add x0, sp, #16; ret'],
  ['ppc64le', 'addi 3, 1, 48; blr'],
  ['s390x', 'la %r2, 160(%r15); br %r14'],
])

test.skipIf(compilers.length === 0)('a stack variable of hand-written assembly is not what a compiler left', () => {
  const flags = ['-O2', '-fPIC', '-shared', '-fno-stack-protector']
  const verdict = (compiler: Compiler, source: string) => {
    const compiled = bench.compile(compiler, source, flags)
    if (compiled === null) return 'does not link'
    return hardening(readElf(memorySource(bench.strip(compiler, compiled)), 'x')).stackProtector.verdict
  }
  for (const compiler of compilers) {
    const instructions = assembly.get(compiler.machine)
    if (instructions === undefined) continue
    const source = `int twice(int a) { return 2 * a; } __asm__(".text; .globl taking; taking: ${instructions}");`
    const verdicts = [verdict(compiler, source), verdict(compiler, `${source} ${program}`)]
    expect([compiler.command, ...verdicts]).toEqual([compiler.command, 'unknown', 'no'])
  }
})

test.skipIf(compilers.length === 0 || !hasTool('readelf'))('unwind information is what readelf says', () => {
  for (const compiler of compilers) {
    const compiled = bench.compile(compiler, program, usual)
    if (compiled === null) continue
    const expected = readelfFrames(bench.write(compiled))
    // musl-gcc asks the linker for no PT_GNU_EH_FRAME, and arm has other tables.
    const hasTable = compiler.libc === 'glibc' && compiler.machine !== 'arm'
    const bySegments = hasTable ? [withoutSections(compiled)] : []
    for (const bytes of [compiled, ...bySegments, withoutFrameTable(compiled)]) {
      expect([compiler.command, readElf(memorySource(bytes), 'x').unwound()]).toEqual([compiler.command, expected])
    }
  }
})

test.skipIf(compilers.length === 0)('a program with nothing to protect is not accused', () => {
  const nothing = 'int main(int count, char **arguments) { return count + arguments[0][0]; }'
  const accused = compilers.flatMap(compiler => {
    const compiled = bench.compile(compiler, nothing, usual)
    if (compiled === null) return []
    const {verdict, evidence} = hardening(readElf(memorySource(compiled), 'x')).stackProtector
    return verdict === 'no' ? [`${compiler.command}: ${evidence}`] : []
  })
  expect(accused).toEqual([])
})
