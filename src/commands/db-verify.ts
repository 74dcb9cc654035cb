import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'

export class DbVerify extends PitonCommand {
  static override summary = 'Read all of the advisory database, and say whether it is whole.'
  static override description =
    'Compares each file with the hash that was taken when it was written, and reads every row. Exit code 0: it is whole; 2: it is not.'
  static override examples = ['<%= config.bin %> db verify']
  static override flags = {db: Flags.string({description: 'another advisory database', helpValue: 'DIR'})}

  override async run(): Promise<void> {
    const {flags} = await this.read(DbVerify)
    const {runVerify} = await import('../cli/db-files.js')
    const code = runVerify(flags.db, this.config.root)
    if (code !== exitCodes.done) process.exitCode = code
  }
}
