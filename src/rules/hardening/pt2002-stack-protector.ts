import type {ElfFile} from '../../model/facts.js'
import {byLanguage, hardeningRule} from './hardening-rule.js'

export const stackProtector = hardeningRule({
  id: 'PT2002',
  name: 'StackProtector',
  title: 'Code was compiled without a stack protector',
  severity: 'medium',
  help: {
    why:
      'A stack protector ends the program when a buffer on the stack overflows. Without it the overflow goes on to the ' +
      'return address, and the attacker decides where the program returns to. Files that need none, or whose code ' +
      'cannot tell, are not reported; neither is the C library, which has to run before there is a stack guard.',
    fix: 'Compile with `-fstack-protector-strong`, which gcc and clang of Alpine do by default.',
    links: [
      'https://gcc.gnu.org/onlinedocs/gcc/Instrumentation-Options.html',
      'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    ],
  },
  property: 'stackProtector',
  message: path => `${path} has no stack protector. A buffer that overflows on its stack is not noticed.`,
  build: byLanguage({
    c: 'compile with -fstack-protector-strong',
    nim: 'build with nim c --passC:-fstack-protector-strong',
    zig: 'build with -fstack-protector',
  }),
  applies: file => !isLibc(file),
})

/** musl and glibc themselves, which are also the loader: they set the guard up. */
function isLibc({soname}: ElfFile): boolean {
  return soname !== null && /^(?:libc\.(?:musl-.*\.)?so(?:\.[0-9.]+)?|ld-.*\.so\.[0-9]+|ld64\.so\.[0-9]+)$/.test(soname)
}
