import {safeJSON} from '../safe-json.js'
import {type Joiner, partsOf} from './part.js'

/** What the whole is made of is in data/reports.schema.json; each report is what `-o json` prints of one target. */
export const severalJSON: Joiner = {
  name: 'json',
  join(parts) {
    const {scanned, failed, passedOver} = partsOf(parts)
    const head = safeJSON({
      schemaVersion: 1,
      failures: failed.map(({target, code, message, hint}) => ({target, code, message, hint})),
      passedOver: passedOver.map(({target}) => target),
      reports: [],
    })
    // The reports are text already: as values they would take many times the room.
    const texts = scanned.map(({text}) => text.trimEnd()).join(',\n')
    return texts === '' ? head : `${head.replace(/\[\]\s*\}\s*$/, '')}[\n${texts}\n]}\n`
  },
}
