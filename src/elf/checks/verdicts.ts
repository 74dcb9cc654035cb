import {type ElfFacts, isUnreadable, type Part, type Segment} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'

export function yes(evidence: string): Check<never> {
  return {verdict: 'yes', evidence}
}

export function no(evidence: string): Check<never> {
  return {verdict: 'no', evidence}
}

export function unknown(evidence: string): Check<never> {
  return {verdict: 'unknown', evidence}
}

export function notApplicable(evidence: string): Check<never> {
  return {verdict: 'not-applicable', evidence}
}

/** Why a file of this type has none of the properties that are judged. */
const unjudged: ReadonlyMap<ElfFacts['type'], string> = new Map([
  ['relocatable', 'an object file, or a kernel module: the linker, or the kernel, decides'],
  ['core', 'a core file is not run'],
  ['debug', 'holds debugging information only'],
])

/** The check of a program or library by its segments; what is neither, or cannot be read, is answered here. */
export function ofLoadable<Value extends string>(
  elf: Pick<ElfFacts, 'header' | 'type' | 'segments'>,
  check: (segments: readonly Segment[]) => Check<Value>,
): Check<Value> {
  const reason = unjudged.get(elf.type)
  if (reason !== undefined) return notApplicable(reason)
  return ofPart(elf.segments, segments => {
    if (segments.length === 0) return unknown('has no program headers')
    return elf.type === 'unknown' ? unknown(`cannot tell what e_type ${elf.header.type} is here`) : check(segments)
  })
}

/** The check of what a part says; `unknown`, for the reason that it carries, where it is unreadable. */
export function ofPart<T, Value extends string>(part: Part<T>, check: (value: T) => Check<Value>): Check<Value> {
  return isUnreadable(part) ? unknown(part.unreadable) : check(part)
}
