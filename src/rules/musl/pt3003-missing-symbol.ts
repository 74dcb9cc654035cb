import {symbolRule} from './symbol-rule.js'

export const missingSymbol = symbolRule({
  id: 'PT3003',
  name: 'MissingSymbol',
  title: 'The loader refuses the file: a symbol is missing',
  severity: 'high',
  help: {
    why:
      'musl binds every symbol when a program starts, and says "symbol not found" where nothing defines one: exit code 127, ' +
      'or a plugin that does not open. Most of them are functions that only glibc has.',
    fix: 'Take a build for musl, or compile it in an Alpine container. gcompat has some of the functions of glibc.',
    links: ['https://wiki.musl-libc.org/functional-differences-from-glibc.html'],
  },
  list: ({missingSymbols}) => missingSymbols,
  consequence: path => `The loader refuses ${path}`,
})
