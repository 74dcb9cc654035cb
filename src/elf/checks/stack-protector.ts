import {type AddressRange, type Code, type ElfFacts, isUnreadable} from '../../model/elf.js'
import type {Check} from '../../model/verdict.js'
import {Assembly} from '../canary/assembly.js'
import {type CodeBytes, type MachineCode, machineCode} from '../canary/index.js'
import {ownCode} from '../canary/own-code.js'
import {SegmentFlag} from '../header.js'
import {elfLimits} from '../limits.js'
import {dynamicNames, guardNames} from '../names.js'
import {isGo, isStatic, languageOf} from '../origin.js'
import {SegmentType} from '../segments.js'
import {no, notApplicable, ofLoadable, ofPart, unknown, yes} from './verdicts.js'

/** Bytes behind the entry point that belong to the start code, which looks for its arguments on the stack. */
const startBytes = 64

/** Is the file's own code compiled with a stack protector? */
export function checkStackProtector(elf: ElfFacts): Check {
  return ofLoadable(elf, segments => {
    const names = dynamicNames(elf)
    const imported = isUnreadable(names) ? undefined : guardNames.find(name => names.undefined.has(name))
    if (imported !== undefined) return yes(`imports ${imported}`)
    if (!segments.some(({type, flags}) => type === SegmentType.load && flags & SegmentFlag.execute)) {
      return notApplicable('holds no code')
    }
    if (isGo(elf)) return notApplicable('Go code: its runtime guards its stacks in another way')
    return ofPart(elf.code(isStatic(elf) ? elfLimits.staticCodeBytes : elfLimits.dynamicCodeBytes), code => {
      const machine = machineCode(elf.header)
      if (machine === null) return unknown(`the machine code of ${elf.header.machine} is not looked into`)
      return isStatic(elf) ? ofStatic(elf, code, machine) : ofDynamic(elf, code, machine)
    })
  })
}

/** All code is the file's own, and code that is protected needs a symbol unless the file defines it itself. */
function ofDynamic(elf: ElfFacts, code: Code, machine: MachineCode): Check {
  const guard = findIn(elf, code, machine.findGuard)
  if (guard !== null) return yes(`its code reads the stack guard at ${hex(guard)}`)
  return ofPart(elf.symbols(), symbols => {
    if (symbols !== null && symbols.unreadNames > 0) return unknown('some symbols have names that cannot be read')
    return ofPart(dynamicNames(elf), names => {
      const defined = guardNames.find(name => names.defined.has(name))
      if (defined !== undefined) return unknown(`defines ${defined}: what sets the guard up may be built without`)
      const evidence = `imports none of ${guardNames[0]}, ${guardNames[2]}`
      const assembly = new Assembly(elf, code)
      return withoutGuard(elf, code, findVariable(elf, code, machine, assembly), assembly, evidence)
    })
  })
}

/**
 * The C library that is linked in has guards of its own: only the program's own code counts. The first piece of it that
 * has a guard, or would need one, decides; where pieces behind it say otherwise, they may be another library's.
 */
function ofStatic(elf: ElfFacts, code: Code, machine: MachineCode): Check {
  if (!code.complete) return unknown('static, with more code than is looked into')
  const own = ownCode(elf, code, languageOf(elf) !== 'c')
  if (own === null) return unknown(insideLibrary)
  const assembly = new Assembly(elf, code, own.possible)
  let variable: number | null = null
  for (const piece of own.pieces) {
    const guard = findIn(elf, code, machine.findGuard, [piece])
    if (guard !== null && assembly.doubt !== null) break
    if (guard !== null) return yes(`static: its own code reads the stack guard at ${hex(guard)}`)
    variable = findVariable(elf, code, machine, assembly, [piece])
    if (variable !== null) break
  }
  if (findIn(elf, code, machine.findGuard, own.possible) !== null) return unknown(insideLibrary)
  return withoutGuard(elf, code, variable, assembly, 'static: its own code reads no stack guard')
}

const insideLibrary = 'static: its own code cannot be told from that of its libraries, which have guards of their own'

/** Compilers that protect the stack if they are asked to; of an unknown one it is assumed. */
const protectingLanguages: ReadonlySet<string> = new Set(['c', 'c++', 'unknown'])

/** Without a guard, only code that has something to protect is unprotected. */
function withoutGuard(elf: ElfFacts, code: Code, variable: number | null, assembly: Assembly, evidence: string): Check {
  const language = languageOf(elf)
  if (!protectingLanguages.has(language))
    return unknown(`${language} code, whose compiler protects no stack by default`)
  if (variable !== null) return no(`${evidence}, and takes the address of a stack variable at ${hex(variable)}`)
  if (assembly.doubt !== null) return unknown(assembly.doubt)
  if (!holds(code, elf.header.entry) && elf.header.entry !== 0) return no(`${evidence}; its code cannot be looked into`)
  return unknown('no function takes the address of a stack variable: there may be nothing to protect')
}

/** Where compiled code first takes the address of a stack variable; of languages that need no telling, any code. */
function findVariable(
  elf: ElfFacts,
  code: Code,
  machine: MachineCode,
  assembly: Assembly,
  ranges?: readonly AddressRange[],
): number | null {
  const next = protectingLanguages.has(languageOf(elf)) ? (at: number) => assembly.nextCompiled(at) : undefined
  return findIn(elf, code, machine.findStackAddress, ranges, next)
}

/**
 * The address of the first place that `find` finds, in `ranges` if given; the start code is left out.
 * @param next the first address, from one that was found on, that may be an answer
 */
function findIn(
  {header}: ElfFacts,
  code: Code,
  find: (code: CodeBytes, from?: number) => number,
  ranges: readonly AddressRange[] = [{start: 0, end: Number.POSITIVE_INFINITY}],
  next: (address: number) => number = address => address,
): number | null {
  const little = header.endian === 'little'
  for (const {address, bytes} of code.pieces) {
    for (const range of ranges) {
      const start = Math.max(0, range.start - address)
      const end = Math.min(bytes.length, range.end - address)
      const piece = {bytes: bytes.subarray(0, end), little}
      for (let at = start; at < end; at++) {
        at = find(piece, at)
        if (at === -1) break
        const isStart = address + at >= header.entry && address + at < header.entry + startBytes
        if (isStart) continue
        const wanted = next(address + at)
        if (wanted === address + at) return wanted
        // Never back, as sums of addresses above 2^53 may lead.
        at = Math.max(at, wanted - address - 1)
      }
    }
  }
  return null
}

function holds({pieces}: Code, address: number): boolean {
  return pieces.some(({address: start, bytes}) => address >= start && address < start + bytes.length)
}

function hex(address: number): string {
  return `0x${address.toString(16)}`
}
