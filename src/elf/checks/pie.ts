import type {ElfFacts} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {DynamicFlag1} from '../dynamic.js'
import {no, notApplicable, ofLoadable, yes} from './verdicts.js'

/** Can the program be loaded at any address? */
export function checkPie(elf: ElfFacts): Check {
  return ofLoadable(elf, () => {
    switch (elf.type) {
      case 'executable':
        return no('ET_EXEC: an executable at a fixed address')
      case 'static':
        return no('ET_EXEC without PT_INTERP and PT_DYNAMIC: a static executable at a fixed address')
      case 'pie':
        return yes(`ET_DYN with ${marks(elf)}: a position-independent executable`)
      case 'static-pie':
        return yes(`ET_DYN with ${marks(elf)} and no PT_INTERP: a static position-independent executable`)
      default:
        return notApplicable('a shared library is always position independent')
    }
  })
}

/** What told a program from a library. */
function marks({dynamic, interpreter}: ElfFacts): string {
  if (dynamic !== null && 'flags1' in dynamic && dynamic.flags1 & DynamicFlag1.pie) return 'DF_1_PIE'
  return typeof interpreter === 'string' ? 'PT_INTERP' : 'an entry point'
}
