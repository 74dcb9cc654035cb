import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {databaseFlags, databaseOptions} from '../cli/database-flags.js'
import {decisionFlags, decisionOptions} from '../cli/decision-flags.js'
import {exitCodes} from '../cli/errors.js'
import {placementFlags, placementOptions} from '../cli/placement-flags.js'
import {failOnFlag, outputFlag, targetFlags, targetOptions} from '../cli/target-flags.js'
import {type CheckName, checks} from '../model/rule.js'

const {'sarif-profile': _, ...placement} = placementFlags

export class Diff extends PitonCommand {
  static override summary = 'Say what a new image or report adds, fixes and keeps.'
  static override description =
    'OLD and NEW are targets as of piton scan, or reports that it wrote (-o json or sarif). Findings are compared by what they are about: another tag, digest or layer is no difference. Exit code 0: done; 1: new findings at or above --fail-on; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> diff app:1.0 app:1.1',
    '<%= config.bin %> diff --fail-on high main.json app.tar',
    '<%= config.bin %> diff main.json pr.json -o markdown=comment.md',
  ]
  static override args = {
    old: Args.string({required: true, ignoreStdin: true, description: 'the image, folder or report to compare with'}),
    new: Args.string({required: true, ignoreStdin: true, description: 'the image, folder or report that is new'}),
  }
  static override flags = {
    ...targetFlags,
    ...placement,
    ...decisionFlags,
    output: outputFlag('FORMAT[=FILE], repeatable: table (default), json, markdown, sarif'),
    'fail-on': failOnFlag,
    check: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: Object.keys(checks),
      description: 'only this check, repeatable',
    }),
    skip: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: Object.keys(checks),
      description: 'not this check, repeatable',
    }),
    integrity: Flags.boolean({
      description: 'also compare files with the checksums of their packages: reads every file',
    }),
    ...databaseFlags,
  }
  /** The reports of a configuration are those of piton scan. */
  static readonly notConfigured: ReadonlySet<string> = new Set(['output'])

  override async run(): Promise<void> {
    const {flags, args, ...settled} = await this.read(Diff, Diff.notConfigured)
    const {runDiff} = await import('../cli/diff.js')
    const code = await runDiff(args.old, args.new, {
      ...targetOptions(flags),
      ...placementOptions({...flags, 'sarif-profile': 'full'}),
      ...decisionOptions(flags, settled),
      failOn: flags['fail-on'],
      severity: 'note',
      checks: (flags.check ?? []) as CheckName[],
      skip: (flags.skip ?? []) as CheckName[],
      integrity: flags.integrity,
      alpine: undefined,
      ...databaseOptions(flags),
      baseline: undefined,
      root: this.config.root,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
