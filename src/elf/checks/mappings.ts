import type {ElfFacts} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {SegmentFlag} from '../header.js'
import {SegmentType} from '../segments.js'
import {no, notApplicable, ofLoadable, ofPart, yes} from './verdicts.js'

/** Is there no segment that is writable and executable at once? */
export function checkWritableExecutable(elf: ElfFacts): Check {
  return ofLoadable(elf, segments => {
    const loads = segments.filter(({type}) => type === SegmentType.load)
    if (loads.length === 0) return notApplicable('nothing is mapped')
    const both = loads.find(({flags}) => flags & SegmentFlag.write && flags & SegmentFlag.execute)
    return both === undefined
      ? yes('no segment is both writable and executable')
      : no(`the PT_LOAD at 0x${both.address.toString(16)} is writable and executable`)
  })
}

/** Is the code mapped as it is in the file, without relocations in it? */
export function checkTextRelocations(elf: ElfFacts): Check {
  return ofLoadable(elf, () =>
    ofPart(elf.dynamic, dynamic => {
      if (dynamic === null) return notApplicable('static, without a dynamic section: no loader relocates it')
      return dynamic.textRelocations === null
        ? yes('neither DT_TEXTREL nor DF_TEXTREL')
        : no(`${dynamic.textRelocations}: the loader makes the code writable to relocate it`)
    }),
  )
}
