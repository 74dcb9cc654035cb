import type {ElfFacts} from '../model/elf.js'

/** `compute`, called once for each file: several checks rest on the same answer. */
export function perFile<T>(compute: (elf: ElfFacts) => T): (elf: ElfFacts) => T {
  const answers = new WeakMap<ElfFacts, {readonly answer: T}>()
  return elf => {
    const known = answers.get(elf) ?? {answer: compute(elf)}
    answers.set(elf, known)
    return known.answer
  }
}
