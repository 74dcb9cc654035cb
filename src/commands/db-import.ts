import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class DbImport extends PitonCommand {
  static override summary = 'Put an exported advisory database to use.'
  static override description =
    'Takes what piton db export wrote, if all of it is what its hashes say and it is not older than what is there. Needs no network.'
  static override examples = ['<%= config.bin %> db import piton-db.tar.gz']
  static override args = {file: Args.string({required: true, description: 'the file to read'})}
  static override flags = {force: Flags.boolean({description: 'take also an older one'})}

  override async run(): Promise<void> {
    const {flags, args} = await this.read(DbImport)
    const {runImport} = await import('../cli/db-files.js')
    await runImport(args.file, flags.force, this.config.root)
  }
}
