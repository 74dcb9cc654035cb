import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class DbExport extends PitonCommand {
  static override summary = 'Write the advisory database to one file.'
  static override description =
    'For machines without a network: piton db import takes the file there. It is a compressed tar with a hash of each of its files; the same database makes the same bytes.'
  static override examples = ['<%= config.bin %> db export piton-db.tar.gz']
  static override args = {file: Args.string({required: true, description: 'the file to write'})}
  static override flags = {db: Flags.string({description: 'another advisory database', helpValue: 'DIR'})}

  override async run(): Promise<void> {
    const {flags, args} = await this.read(DbExport)
    const {runExport} = await import('../cli/db-files.js')
    runExport(args.file, flags.db, this.config.root)
  }
}
