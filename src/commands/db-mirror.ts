import * as Args from '@oclif/core/args'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {feedFlags, fetchFlags, notConfigured} from '../cli/feed-flags.js'

export class DbMirror extends PitonCommand {
  static override summary = 'Copy the feeds to a folder that any web server can hand out.'
  static override description =
    'Writes what piton db update --mirror reads, and renews it when it is run again. Mind the licences: what --only wolfi, chainguard or minimos fetches is for who fetches it.'
  static override examples = [
    '<%= config.bin %> db mirror /var/www/piton',
    '<%= config.bin %> db update --mirror https://mirror.example/piton',
  ]
  static override args = {folder: Args.string({required: true, description: 'the folder to write'})}
  static override flags = feedFlags

  override async run(): Promise<void> {
    const {flags, args} = await this.read(DbMirror, notConfigured)
    const {runMirror} = await import('../cli/db-mirror.js')
    const code = await runMirror(args.folder, fetchFlags(flags, this.config.root), flags.strict)
    if (code !== exitCodes.done) process.exitCode = code
  }
}
