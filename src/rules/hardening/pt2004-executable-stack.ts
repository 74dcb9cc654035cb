import type {ElfFile} from '../../model/facts.js'
import {byLanguage, hardeningRule} from './hardening-rule.js'

export const executableStack = hardeningRule({
  id: 'PT2004',
  name: 'ExecutableStack',
  title: 'File asks for an executable stack',
  severity: 'high',
  help: {
    why:
      'What an attacker writes onto an executable stack can be run as code. One file that asks for it is enough for the ' +
      'whole process. glibc grants it to libraries too, and since 2.41 refuses to load such a library later; the loader ' +
      'of musl grants it to no library, which is then low.',
    fix:
      'Mostly one assembler file without a mark causes it: add `.section .note.GNU-stack,"",@progbits` to each, and link ' +
      'with `-Wl,-z,noexecstack`. In C, nested functions whose address is taken need such a stack: rewrite them.',
    links: [
      'https://wiki.gentoo.org/wiki/Hardened/GNU_stack_quickstart',
      'https://sourceware.org/binutils/docs/ld/Options.html',
    ],
  },
  property: 'nx',
  message: (path, file) =>
    isGranted(file)
      ? `${path} asks for an executable stack. What an attacker writes there can be run as code.`
      : `${path} asks for an executable stack. musl does not grant it to a library, other loaders do.`,
  build: byLanguage({
    c: 'give each assembler file a .note.GNU-stack section, and link with -Wl,-z,noexecstack',
    go: "build with go build -ldflags='-linkmode=external -extldflags=-Wl,-z,noexecstack'",
    rust: "build with RUSTFLAGS='-C link-arg=-Wl,-z,noexecstack'",
  }),
  severityOf: file => (isGranted(file) ? 'high' : 'low'),
})

/** The kernel asks the program alone, and musl never adds to that: PT_GNU_STACK of a library is its wish for a size. */
function isGranted({type, libc}: ElfFile): boolean {
  return type !== 'shared' || libc !== 'musl'
}
