import type {ElfHeader} from '../../model/elf.js'
import {Machine} from '../machine.js'
import {arm} from './arm.js'
import {aarch64, loongarch64, mips, ppc64} from './fixed-width.js'
import type {MachineCode} from './machine-code.js'
import {riscv, s390x} from './variable-width.js'
import {i386, x32, x86_64} from './x86.js'

export type {CodeBytes, MachineCode} from './machine-code.js'

/** What is known of the machine code of a file; null for architectures that piton does not look into. */
export function machineCode({machineCode, class: bits}: ElfHeader): MachineCode | null {
  switch (machineCode) {
    case Machine.x86_64:
      return bits === 64 ? x86_64 : x32
    case Machine.i386:
      return i386
    case Machine.aarch64:
      return aarch64
    case Machine.arm:
      return arm
    case Machine.riscv:
      return bits === 64 ? riscv : null
    case Machine.ppc64:
      return ppc64
    case Machine.s390:
      return bits === 64 ? s390x : null
    case Machine.loongarch:
      return loongarch64
    case Machine.mips:
      return mips
    default:
      return null
  }
}
