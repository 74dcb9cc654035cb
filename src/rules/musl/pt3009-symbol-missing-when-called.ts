import {symbolRule} from './symbol-rule.js'

export const symbolMissingWhenCalled = symbolRule({
  id: 'PT3009',
  name: 'SymbolMissingWhenCalled',
  title: 'Plugin crashes when a missing function is called',
  severity: 'high',
  help: {
    why:
      'A program that opens a plugin lazily puts off what only calls need. The plugin opens; the first call of a function ' +
      'that nothing defines ends the program, perhaps long after the tests.',
    fix: 'Take a build of the plugin for musl, or compile it in an Alpine container.',
    links: ['https://wiki.musl-libc.org/functional-differences-from-glibc.html'],
  },
  list: ({lazySymbols}) => lazySymbols,
  consequence: path => `${path} opens, and crashes at a call`,
})
