import type {ElfFacts, Hardening} from '../model/elf.js'
import {checkControlFlow} from './checks/control-flow.js'
import {checkFortify} from './checks/fortify.js'
import {checkTextRelocations, checkWritableExecutable} from './checks/mappings.js'
import {checkNx} from './checks/nx.js'
import {checkPie} from './checks/pie.js'
import {checkRelro} from './checks/relro.js'
import {checkRunPath, type ImageView} from './checks/run-path.js'
import {checkStackProtector} from './checks/stack-protector.js'

export type {ImageView} from './checks/run-path.js'

/**
 * Judges one file. Reads what it needs of it, so the file must still be there.
 * @param image what run paths lead to; without it they are judged by their text alone
 */
export function hardening(elf: ElfFacts, image?: ImageView): Hardening {
  return {
    pie: checkPie(elf),
    stackProtector: checkStackProtector(elf),
    relro: checkRelro(elf),
    nx: checkNx(elf),
    fortify: checkFortify(elf),
    runPath: checkRunPath(elf, image),
    textRelocations: checkTextRelocations(elf),
    writableExecutable: checkWritableExecutable(elf),
    controlFlow: checkControlFlow(elf),
  }
}
