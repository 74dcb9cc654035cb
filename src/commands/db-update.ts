import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {feedFlags, fetchFlags, notConfigured} from '../cli/feed-flags.js'

export class DbUpdate extends PitonCommand {
  static override summary = 'Refresh the advisory database.'
  static override description =
    'Asks the feeds what has changed, checks it, and puts a new database in place of the old one in one step. A feed that cannot be had leaves its older data and a warning. Exit code 2 only if there is nothing to use.'
  static override examples = [
    '<%= config.bin %> db update',
    '<%= config.bin %> db update --branch 3.21 --arch x86_64',
    '<%= config.bin %> db update --only wolfi',
    '<%= config.bin %> db update --mirror https://mirror.example/piton',
  ]
  static override flags = feedFlags

  override async run(): Promise<void> {
    const {flags} = await this.read(DbUpdate, notConfigured)
    const {runUpdate} = await import('../cli/db-update.js')
    const code = await runUpdate(fetchFlags(flags, this.config.root), flags.strict)
    if (code !== exitCodes.done) process.exitCode = code
  }
}
