import type {Dynamic, ElfFacts} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {Tag} from '../dynamic.js'
import {SegmentType} from '../segments.js'
import {notApplicable, ofLoadable, ofPart} from './verdicts.js'

type Relro = Check<'none' | 'partial' | 'full'>

/** Are the relocated tables made read-only, and is everything relocated before that? */
export function checkRelro(elf: ElfFacts): Relro {
  return ofLoadable(elf, segments =>
    ofPart(elf.dynamic, (dynamic): Relro => {
      if (dynamic === null) return notApplicable('static, without a dynamic section: no loader relocates it')
      if (!segments.some(({type}) => type === SegmentType.gnuRelro)) {
        return hasRelocations(dynamic)
          ? {verdict: 'no', value: 'none', evidence: 'no PT_GNU_RELRO'}
          : notApplicable('no PT_GNU_RELRO, and no relocations')
      }
      if (dynamic.bindNow !== null) {
        return {verdict: 'yes', value: 'full', evidence: `PT_GNU_RELRO and ${dynamic.bindNow}`}
      }
      // Without a PLT nothing is bound late, and nothing that is relocated stays writable.
      if ((dynamic.values.get(Tag.pltRelSize) ?? 0) === 0) {
        return {verdict: 'yes', value: 'partial', evidence: 'PT_GNU_RELRO, and no relocation of a PLT to bind late'}
      }
      return {verdict: 'no', value: 'partial', evidence: 'PT_GNU_RELRO, but nothing asks to bind at start (BIND_NOW)'}
    }),
  )
}

function hasRelocations({values}: Dynamic): boolean {
  const mips = values.has(Tag.mipsLocalGotCount)
  return mips || [Tag.relSize, Tag.relaSize, Tag.relrSize, Tag.pltRelSize].some(tag => (values.get(tag) ?? 0) > 0)
}
