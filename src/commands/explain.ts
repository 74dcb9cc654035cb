import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {outputFlag, targetFlags, targetOptions} from '../cli/target-flags.js'

export class Explain extends PitonCommand {
  static override summary = 'Explain a rule or a vulnerability, or why an image has it or not.'
  static override description =
    'Without --image it says what a rule is about, or what the advisory database knows of a vulnerability. With --image it says of one target why that is or is not reported: which branch was asked and why, what is installed, every fix version, the comparison, and what silences it; for a rule, which files and on what evidence. The other flags are about that target. Exit code 0: there is an answer, whatever it is; 2: there is none.'
  static override examples = [
    '<%= config.bin %> explain PT1001',
    '<%= config.bin %> explain CVE-2024-6119',
    '<%= config.bin %> explain CVE-2024-6119 --image alpine:3.20',
    '<%= config.bin %> explain PT2001 --image app.tar -o json',
  ]
  static override args = {
    id: Args.string({required: true, ignoreStdin: true, description: 'PT1001, CVE-2024-6119, GHSA-…, XSA-…'}),
  }
  static override flags = {
    image: Flags.string({
      description: 'a target, as of piton scan: why is it reported there, or not?',
      helpValue: 'TARGET',
    }),
    ...targetFlags,
    output: outputFlag('FORMAT[=FILE], repeatable: table (default), json'),
    db: Flags.string({description: 'another advisory database', helpValue: 'DIR'}),
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.read(Explain)
    const options = {...targetOptions(flags), database: flags.db, root: this.config.root}
    if (flags.image === undefined) {
      const {runExplain} = await import('../cli/explain.js')
      await runExplain(args.id, options)
      return
    }
    const {runExplainImage} = await import('../cli/explain-image.js')
    const code = await runExplainImage(args.id, flags.image, options)
    if (code !== exitCodes.done) process.exitCode = code
  }
}
