import type {ElfFile, LoaderVerdict} from '../../model/facts.js'
import type {MissingSymbol} from '../../model/musl.js'
import type {Rule} from '../../model/rule.js'
import {count, shorten} from '../../model/text.js'
import {quote, quoteList} from '../words.js'
import {breaksText, complaints, rebuildAdvice} from './loaded.js'

interface SymbolRule extends Pick<Rule, 'id' | 'name' | 'title' | 'severity' | 'help'> {
  readonly list: (verdict: LoaderVerdict) => readonly MissingSymbol[]
  /** What happens: `'a' cannot be loaded`. */
  readonly consequence: (path: string, file: ElfFile) => string
}

/** A rule about symbols that nothing defines: one finding for each file, which names them. */
export function symbolRule({list, consequence, ...rule}: SymbolRule): Rule {
  return {
    ...rule,
    family: 'musl',
    *check(facts) {
      const found = complaints(
        facts,
        // A missing library that has the symbol is the finding; the symbol is only its symptom.
        verdict =>
          list(verdict).filter(({name, explainedBy}) => explainedBy === null && !verdict.elsewhere.symbols.has(name)),
        ({requiredBy}) => requiredBy,
        ({name}) => name,
      )
      for (const {file, items, breaks} of found) {
        const names = items.map(({name}) => name).sort()
        const fromGlibc = items.filter(({glibc}) => glibc).length
        const origin =
          fromGlibc === 0
            ? ''
            : ` glibc has ${fromGlibc === names.length ? (names.length === 1 ? 'it' : 'them') : `${fromGlibc} of them`}.`
        yield {
          message: `${consequence(quote(file.path), file)}: nothing defines ${quoteList(names)}.${origin}${breaksText(breaks)}`,
          evidence: shorten(`${count(names.length, 'undefined symbol')}: ${names.join(', ')}`, 1000),
          at: {path: file.path, layer: file.layer},
          names,
          fix: {
            text:
              fromGlibc > 0
                ? rebuildAdvice(file)
                : 'Install the library that defines it, or a build that does not need it.',
            command: null,
          },
          identity: [file.path],
        }
      }
    },
  }
}
