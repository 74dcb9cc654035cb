import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class DbStatus extends PitonCommand {
  static override summary = 'Show which advisory database is used, and how old it is.'
  static override examples = ['<%= config.bin %> db status', '<%= config.bin %> db status -o json']
  static override flags = {
    db: Flags.string({description: 'another advisory database', helpValue: 'DIR'}),
    output: Flags.string({char: 'o', options: ['table', 'json'], default: 'table', description: 'how to print it'}),
  }

  override async run(): Promise<void> {
    const {flags} = await this.read(DbStatus)
    const [{chooseDatabase, databaseStatus}, {statusJson, statusText}, {today}] = await Promise.all([
      import('../cli/database.js'),
      import('../cli/database-text.js'),
      import('../cli/today.js'),
    ])
    const database = chooseDatabase(flags.db, this.config.root, warning =>
      process.stderr.write(`piton: ${warning.message}\n`),
    )
    const status = {database, today: today(), ...databaseStatus(database, flags.db, this.config.root)}
    process.stdout.write(flags.output === 'json' ? statusJson(status) : statusText(status))
  }
}
