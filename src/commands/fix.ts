import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {databaseFlags, databaseOptions} from '../cli/database-flags.js'
import {configFlags, decisionFlags, decisionOptions} from '../cli/decision-flags.js'
import {exitCodes} from '../cli/errors.js'
import {placementFlags, placementOptions} from '../cli/placement-flags.js'
import {outputFlag, targetArg, targetFlags, targetOptions} from '../cli/target-flags.js'

export class Fix extends PitonCommand {
  static override summary = 'Edit a Dockerfile so that its image has fewer vulnerabilities.'
  static override description =
    'The newest patch release in FROM, versions in apk add that hold packages back, and a line that upgrades what stays old: as a unified diff, with how many findings it removes and what stays, and why. Nothing else in the file is touched; a second run changes nothing. Exit code 0: done, also where there is nothing to fix; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> fix app.tar',
    '<%= config.bin %> fix --dockerfile deploy/Dockerfile --image app:1.2 --write',
    '<%= config.bin %> fix app.tar | git apply',
  ]
  static override args = {
    target: {...targetArg, required: false},
  }
  static override flags = {
    image: Flags.string({
      description: 'the image that was built from it, another way to give TARGET',
      helpValue: 'TARGET',
    }),
    write: Flags.boolean({char: 'w', description: 'change the file, and show how'}),
    ...targetFlags,
    dockerfile: placementFlags.dockerfile,
    target: placementFlags.target,
    ...configFlags,
    vex: decisionFlags.vex,
    output: outputFlag('FORMAT[=FILE], repeatable: diff (default), json'),
    ...databaseFlags,
  }
  /** The reports of a configuration are those of piton scan; a file is changed only by who says so here. */
  static readonly notConfigured: ReadonlySet<string> = new Set(['output', 'write'])

  override async run(): Promise<void> {
    const {flags, args, ...settled} = await this.read(Fix, Fix.notConfigured)
    const {runFix, targetOf} = await import('../cli/fix.js')
    const code = await runFix(targetOf(args.target, flags.image), {
      ...targetOptions(flags),
      ...placementOptions({...flags, only: undefined, 'sarif-location': undefined, 'sarif-profile': 'full'}),
      ...decisionOptions({...flags, 'show-suppressed': false, explain: false}, settled),
      ...databaseOptions(flags),
      severity: 'note',
      checks: ['vulnerabilities'],
      skip: [],
      integrity: false,
      alpine: undefined,
      baseline: undefined,
      write: Boolean(flags.write),
      root: this.config.root,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
