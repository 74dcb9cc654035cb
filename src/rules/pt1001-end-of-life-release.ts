import {fromLine, isEndOfLife, newestSupported} from '../model/alpine.js'
import type {Rule} from '../model/rule.js'
import {quote} from './words.js'

export const endOfLifeRelease: Rule = {
  id: 'PT1001',
  name: 'EndOfLifeRelease',
  title: 'The Alpine release gets no more fixes',
  severity: 'high',
  family: 'image',
  help: {
    why:
      'After its end of life a release gets no security fixes, and the advisory feed falls silent with it: ' +
      'new vulnerabilities exist in the image, and no scanner that reads the feed can see them.',
    fix: 'Move to a release that is still supported.',
    links: ['https://alpinelinux.org/releases/'],
  },
  *check({release, alpine, releases, today}) {
    if (release === null || alpine === null || !isEndOfLife(alpine, today)) return
    const next = newestSupported(releases, today)
    yield {
      message:
        `Alpine ${quote(alpine.branch)} has had no fixes since ${quote(alpine.endOfLife)}. ` +
        'Vulnerabilities found since then are not in its advisories.',
      evidence: `${release.path}: ${release.version}; end of life of ${alpine.branch}: ${alpine.endOfLife}`,
      at: {path: release.path, layer: release.layer},
      fix: next
        ? {
            text: `Move to Alpine ${quote(next.branch)}, which gets fixes until ${quote(next.endOfLife)}.`,
            command: fromLine(next.branch),
          }
        : {text: 'Move to a release that Alpine still supports.', command: null},
      identity: [],
    }
  },
}
