import type {ElfFacts, ElfHeader} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {SegmentFlag} from '../header.js'
import {Machine} from '../machine.js'
import {SegmentType} from '../segments.js'
import {no, notApplicable, ofLoadable, unknown, yes} from './verdicts.js'

/** Is the stack not executable? */
export function checkNx(elf: ElfFacts): Check {
  return ofLoadable(elf, segments => {
    const stack = segments.findLast(({type}) => type === SegmentType.gnuStack)
    if (stack === undefined) return withoutMark(elf)
    return stack.flags & SegmentFlag.execute
      ? no('PT_GNU_STACK asks for an executable stack')
      : yes('PT_GNU_STACK without the execute flag')
  })
}

/** Architectures whose kernel (before Linux 5.8, for the first two) and glibc take a missing mark for "executable". */
const executable: ReadonlySet<number> = new Set([
  Machine.x86_64,
  Machine.aarch64,
  Machine.i386,
  Machine.arm,
  Machine.mips,
  Machine.ppc,
  Machine.s390,
])
/** Those where neither ever did. */
const notExecutable: ReadonlySet<number> = new Set([Machine.ppc64, Machine.riscv, Machine.loongarch])

function withoutMark({header, type}: ElfFacts): Check {
  const without = `no PT_GNU_STACK, and on ${header.machine} that means`
  if (notExecutable.has(header.machineCode)) return yes(`${without} a stack that is not executable`)
  if (!executable.has(header.machineCode))
    return unknown(`no PT_GNU_STACK, and the default of ${header.machine} is not known`)
  if (isOtherSystem(header)) return notApplicable('no PT_GNU_STACK, which is a mark for Linux')
  const who = type === 'static' || type === 'static-pie' ? 'older kernels' : 'older kernels and glibc'
  return no(`${without} an executable stack to ${who}`)
}

/** EI_OSABI says neither System V nor GNU. */
function isOtherSystem({osabi}: ElfHeader): boolean {
  return osabi !== 0 && osabi !== 3
}
