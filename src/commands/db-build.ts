import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class DbBuild extends PitonCommand {
  static override summary = 'Compile feeds into an advisory database.'
  static override description =
    'Reads copies of the secdb, CVSS vectors, KEV and EPSS from a folder that is laid out as the live services are, and writes the text files that piton ships in data/. The same feeds give the same bytes.'
  static override examples = ['<%= config.bin %> db build --from feeds --to data']
  static override flags = {
    from: Flags.string({required: true, description: 'folder with the feeds', helpValue: 'FEEDS'}),
    to: Flags.string({required: true, description: 'folder to write', helpValue: 'DIR'}),
    libc: Flags.string({description: 'folder with documents about C libraries, to compile them too', helpValue: 'DIR'}),
  }

  override async run(): Promise<void> {
    const {flags} = await this.read(DbBuild)
    const {buildDatabase} = await import('../advisory/build.js')
    const {visible} = await import('../model/text.js')
    const warn = ({message}: {readonly message: string}) =>
      process.stderr.write(`piton: warning: ${visible(message)}\n`)
    const summary = await buildDatabase({from: flags.from, to: flags.to, warn})
    if (flags.libc !== undefined) {
      const {buildLibcTables} = await import('../cli/libc-tables.js')
      buildLibcTables(flags.libc, flags.to)
    }
    const {summaryText} = await import('../cli/database-text.js')
    process.stdout.write(summaryText(summary))
  }
}
