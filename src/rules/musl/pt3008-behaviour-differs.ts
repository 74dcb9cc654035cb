import type {Rule} from '../../model/rule.js'
import {count} from '../../model/text.js'
import {name, quoteList} from '../words.js'

export const behaviourDiffers: Rule = {
  id: 'PT3008',
  name: 'BehaviourDiffers',
  title: 'Program uses what musl does in another way',
  severity: 'note',
  family: 'musl',
  onlyIn: 'audit',
  help: {
    why:
      'The function is there on musl and does something else than on glibc, within the standards: ' +
      'the program starts, and a difference shows when it runs.',
    fix: 'Look at the places that use it; most programs are not concerned.',
    links: ['https://wiki.musl-libc.org/functional-differences-from-glibc.html'],
  },
  *check({behaviours}) {
    for (const {behaviour, files} of behaviours) {
      // What the distribution packaged is replaced by packages of Alpine, which are tested with musl.
      const own = files.filter(file => file.package === null)
      const [first] = own
      if (first === undefined) continue
      yield {
        title: behaviour.title,
        message: `${behaviour.why} It may matter to ${count(own.length, 'file')}: ${quoteList(own.map(({path}) => path))}.`,
        evidence: own
          .slice(0, 5)
          .map(({path, imports}) => `${name(path)} imports ${imports.join(', ')}`)
          .join('; '),
        at: {path: first.path, layer: first.layer},
        fix: {text: behaviour.check, command: null},
        identity: [behaviour.id],
      }
    }
  },
}
