import type {ElfFacts, Notes} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {Machine} from '../machine.js'
import {notApplicable, ofLoadable, ofPart} from './verdicts.js'

/** Bits of the FEATURE_1_AND property: the names, and those that make the protection complete. */
interface Features {
  readonly names: readonly (readonly [bit: number, name: string])[]
  readonly wanted: number
}

const x86: Features = {
  names: [
    [1, 'ibt'],
    [2, 'shstk'],
  ],
  wanted: 3,
}
const features: ReadonlyMap<number, Features> = new Map([
  [Machine.x86_64, x86],
  [Machine.i386, x86],
  [
    Machine.aarch64,
    {
      names: [
        [1, 'bti'],
        [2, 'pac'],
        [4, 'gcs'],
      ],
      wanted: 3,
    },
  ],
])

/** Is the code marked for IBT and SHSTK, or for BTI and PAC? */
export function checkControlFlow(elf: ElfFacts): Check {
  return ofLoadable(elf, () => {
    const known = features.get(elf.header.machineCode)
    if (known === undefined) return notApplicable(`there is no such mark on ${elf.header.machine}`)
    return ofPart(elf.notes(), notes => judge(notes, known))
  })
}

function judge({features}: Notes, {names, wanted}: Features): Check {
  if (features === null) return {verdict: 'no', value: 'none', evidence: 'no GNU property note marks its code'}
  const value = names.flatMap(([bit, name]) => (features & bit ? name : [])).join('+') || 'none'
  const complete = (features & wanted) === wanted
  return {verdict: complete ? 'yes' : 'no', value, evidence: `the GNU property note marks ${value}`}
}
