import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class Explain extends PitonCommand {
  static override summary = 'Explain a rule, or a vulnerability as far as the database knows it.'
  static override examples = ['<%= config.bin %> explain PT1001', '<%= config.bin %> explain CVE-2024-6119']
  static override args = {
    id: Args.string({required: true, ignoreStdin: true, description: 'PT1001, CVE-2024-6119, GHSA-…, XSA-…'}),
  }
  static override flags = {
    db: Flags.string({description: 'another advisory database', helpValue: 'DIR'}),
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.read(Explain)
    const {explain} = await import('../cli/explain.js')
    process.stdout.write(explain(args.id, flags.db, this.config.root))
  }
}
