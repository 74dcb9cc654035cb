import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {outputFlag, targetArg, targetFlags, targetOptions} from '../cli/target-flags.js'

export class Sbom extends PitonCommand {
  static override summary = 'List the packages as a bill of materials.'
  static override description =
    'Writes every installed apk package with its purl, licence and dependencies. Nothing is checked: piton scan -o cyclonedx adds the vulnerabilities. The same target gives the same bytes. Exit code 0: done; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> sbom app.tar',
    '<%= config.bin %> sbom app.tar -o cyclonedx=app.cdx.json -o spdx=app.spdx.json',
  ]
  static override args = {target: targetArg}
  static override flags = {
    ...targetFlags,
    output: outputFlag('FORMAT[=FILE], repeatable: cyclonedx (default), spdx'),
    'allow-empty': Flags.boolean({description: 'no package database is no error'}),
    at: Flags.string({description: 'the day that SPDX says it was made', helpValue: 'YYYY-MM-DD'}),
  }

  override async run(): Promise<void> {
    const {flags, args} = await this.read(Sbom)
    const {runSbom} = await import('../cli/sbom.js')
    const code = await runSbom(args.target, targetOptions(flags))
    if (code !== exitCodes.done) process.exitCode = code
  }
}
