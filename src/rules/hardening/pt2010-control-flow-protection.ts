import type {ElfFile} from '../../model/facts.js'
import {hardeningRule} from './hardening-rule.js'

export const controlFlowProtection = hardeningRule({
  id: 'PT2010',
  name: 'ControlFlowProtection',
  title: 'Code is not marked for control-flow protection',
  severity: 'note',
  help: {
    why:
      'Newer processors stop a program whose jumps and returns go where the compiler meant none (IBT and SHSTK on x86, ' +
      'BTI and PAC on aarch64), if all of its code is marked for it. Only C and C++ code is judged whose loader turns this ' +
      'on: that of musl does not, so there a mark would change nothing.',
    fix: 'Compile everything with `-fcf-protection=full` on x86, with `-mbranch-protection=standard` on aarch64.',
    links: [
      'https://docs.kernel.org/arch/x86/shstk.html',
      'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    ],
  },
  property: 'controlFlow',
  message: path => `${path} is not marked for control-flow protection. The processor lets its jumps go anywhere.`,
  build: ({machine}) =>
    `compile everything with ${machine === 'aarch64' ? '-mbranch-protection=standard' : '-fcf-protection=full'}`,
  applies: file => isTurnedOn(file) && isMarkable(file),
})

/** On aarch64 the kernel itself heeds the mark of a static program. */
function isTurnedOn({libc, machine, type}: ElfFile): boolean {
  const isStatic = type === 'static' || type === 'static-pie'
  return libc === 'glibc' || (machine === 'aarch64' && isStatic)
}

/** Compilers of other languages have no stable option for it. */
function isMarkable({language}: ElfFile): boolean {
  return language === 'c' || language === 'c++'
}
