import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {databaseFlags, databaseOptions} from '../cli/database-flags.js'
import {baselineFlag, decisionFlags, decisionOptions} from '../cli/decision-flags.js'
import {exitCodes} from '../cli/errors.js'
import {placementFlags, placementOptions} from '../cli/placement-flags.js'
import {failOnFlag, outputFlag, targetArg, targetFlags, targetOptions} from '../cli/target-flags.js'

export class Audit extends PitonCommand {
  static override summary = 'Say what would happen to the software of a glibc system on Alpine.'
  static override description =
    "Asks musl's loader, without running anything, about every ELF file of an image, a root file system or a plain folder such as node_modules: what runs as it is, what needs packages or gcompat, what has to be rebuilt. Exit codes are those of piton scan."
  static override examples = [
    '<%= config.bin %> audit debian-app.tar',
    '<%= config.bin %> audit ./node_modules',
    '<%= config.bin %> audit --alpine 3.21 --gcompat -o json=audit.json app.tar',
  ]
  static override args = {target: targetArg}
  static override flags = {
    ...targetFlags,
    ...placementFlags,
    ...decisionFlags,
    baseline: baselineFlag,
    output: outputFlag('FORMAT[=FILE], repeatable: table (default), json, sarif, html, markdown, junit, github'),
    alpine: Flags.string({description: 'the release to move to; default: the newest known', helpValue: 'RELEASE'}),
    gcompat: Flags.boolean({description: 'assume that gcompat is installed'}),
    'fail-on': failOnFlag,
    ...databaseFlags,
  }

  override async run(): Promise<void> {
    const {flags, args, ...settled} = await this.read(Audit)
    const {runAudit} = await import('../cli/audit.js')
    const code = await runAudit(args.target, {
      ...targetOptions(flags),
      ...placementOptions(flags),
      ...decisionOptions(flags, settled),
      baseline: flags.baseline,
      failOn: flags['fail-on'],
      alpine: flags.alpine,
      gcompat: flags.gcompat,
      ...databaseOptions(flags),
      root: this.config.root,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
