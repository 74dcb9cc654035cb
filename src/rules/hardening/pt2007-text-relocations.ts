import {byLanguage, hardeningRule} from './hardening-rule.js'

export const textRelocations = hardeningRule({
  id: 'PT2007',
  name: 'TextRelocations',
  title: 'Code is made writable to relocate it',
  severity: 'medium',
  help: {
    why:
      'Code that is not position independent has addresses in it that the loader must fill in. For that it makes the code ' +
      'writable, no process shares it any more, and hardened kernels refuse it.',
    fix:
      'Compile everything that goes into the file with `-fPIC`, assembler files too. `-Wl,-z,text` has the linker refuse ' +
      'what is left, and name it.',
    links: ['https://wiki.gentoo.org/wiki/Hardened/Textrels_Guide'],
  },
  property: 'textRelocations',
  message: path => `${path} has text relocations. The loader makes its code writable before it runs.`,
  build: byLanguage({
    c: 'compile everything with -fPIC, and link with -Wl,-z,text, which names what is left',
    go: 'build with go build -buildmode=pie',
  }),
})
