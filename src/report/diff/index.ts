import type {Difference} from '../../model/difference.js'
import type {Format} from '../../model/report.js'
import {sarifReporter} from '../sarif.js'
import {diffJSON} from './json.js'
import {diffMarkdown} from './markdown.js'
import {diffTable} from './table.js'

/** Everything is in it, each with its state: new, unchanged, updated or absent. */
const diffSarif: Format<Difference> = {
  name: 'sarif',
  description: 'for viewers of SARIF: every result with its baselineState',
  render: ({report}, options) => sarifReporter('full').render(report, options),
}

/** Every output format of a comparison, by the name that `--output` takes. */
export const diffFormats: ReadonlyMap<string, Format<Difference>> = new Map(
  [diffTable, diffJSON, diffMarkdown, diffSarif].map(format => [format.name, format]),
)
