import {shorten} from '../../model/text.js'
import {sentence} from '../words.js'
import {byLanguage, hardeningRule} from './hardening-rule.js'

/** Of a run path with many elements the first few are enough to know which it is. */
const reasonLength = 300

export const insecureRunPath = hardeningRule({
  id: 'PT2006',
  name: 'InsecureRunPath',
  title: 'Libraries are loaded from an unsafe folder',
  severity: 'high',
  help: {
    why:
      'The loader looks in the folders of DT_RUNPATH or DT_RPATH before it looks in those of the system. Who can put a ' +
      'library there has code run by whoever starts the program. A relative or empty element is the folder that it is ' +
      'started in.',
    fix:
      "Link without that run path, or with one below the program's own folder: `-Wl,-rpath,'$ORIGIN/../lib'`. In a file " +
      'that is built: `patchelf --remove-rpath FILE`.',
    links: ['https://man7.org/linux/man-pages/man8/ld.so.8.html', 'https://github.com/NixOS/patchelf'],
  },
  property: 'runPath',
  message: (path, _file, {evidence}) =>
    `${path} loads libraries from a folder that is not safe. ${sentence(shorten(evidence, reasonLength))}`,
  build: byLanguage({c: 'link without that run path, or take it out with patchelf --remove-rpath'}),
})
