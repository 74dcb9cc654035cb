import type {Fix} from '../model/fix.js'
import type {Format} from '../model/report.js'
import {fixPatch} from './fix-patch.js'
import {fixText} from './fix-text.js'
import {safeJSON} from './safe-json.js'

const fixJSON: Format<Fix> = {
  name: 'json',
  description: 'for programs',
  async render(fix) {
    const {target, file, steps, again, findings, removes, rebuild, remaining, notes, indexDate, written, warnings} = fix
    return safeJSON({
      schemaVersion: 1,
      target,
      dockerfile: file,
      patch: await fixPatch(fix),
      steps: steps.map(({kind, line, from, to, packages}) => ({kind, line, from, to, packages})),
      again,
      findings,
      removes,
      rebuild,
      remaining: remaining.map(({reason, findings, packages}) => ({reason, findings, packages})),
      notes,
      indexDate,
      written,
      warnings,
    })
  },
}

/** Every output format of `piton fix`, by the name that `--output` takes. */
export const fixFormats: ReadonlyMap<string, Format<Fix>> = new Map(
  [fixText, fixJSON].map(format => [format.name, format]),
)
