import {byLanguage, hardeningRule} from './hardening-rule.js'

export const writableExecutableSegment = hardeningRule({
  id: 'PT2008',
  name: 'WritableExecutableSegment',
  title: 'Memory is writable and executable at once',
  severity: 'high',
  help: {
    why:
      'What an attacker writes into a segment that is both writable and executable can be run as code. Mostly a linker ' +
      'script, `ld -N`, or a packer such as UPX makes one.',
    fix:
      'Link with `-Wl,-z,separate-code` and without `-N` or `--omagic`; mind the permissions in a linker script of your ' +
      'own. Ship programs unpacked.',
    links: ['https://sourceware.org/binutils/docs/ld/Options.html'],
  },
  property: 'writableExecutable',
  message: path =>
    `${path} has a segment that is writable and executable. What an attacker writes there can be run as code.`,
  build: byLanguage({c: 'link with -Wl,-z,separate-code and without -N, and ship it without a packer such as UPX'}),
})
