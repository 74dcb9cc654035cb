import {byLanguage, hardeningRule} from './hardening-rule.js'

export const fortifySource = hardeningRule({
  id: 'PT2005',
  name: 'FortifySource',
  title: 'Calls of the C library are not checked: no FORTIFY',
  severity: 'low',
  help: {
    why:
      'With FORTIFY_SOURCE the compiler has glibc check what is copied into a buffer of known size, and ends the program ' +
      'before it overflows. Only files for glibc are judged: with musl the checks are part of the code and leave no trace.',
    fix: 'Compile with `-O2 -D_FORTIFY_SOURCE=2` (3 with gcc 12 or clang 12 and newer).',
    links: [
      'https://www.gnu.org/software/libc/manual/html_node/Source-Fortification.html',
      'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    ],
  },
  property: 'fortify',
  message: path => `${path} was compiled without FORTIFY_SOURCE. glibc does not check what it copies into its buffers.`,
  build: byLanguage({c: 'compile with -O2 -D_FORTIFY_SOURCE=2'}),
})
