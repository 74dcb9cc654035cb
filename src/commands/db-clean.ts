import {PitonCommand} from '../cli/base.js'

export class DbClean extends PitonCommand {
  static override summary = 'Remove the refreshed advisory database; what ships with piton stays.'
  static override examples = ['<%= config.bin %> db clean']

  override async run(): Promise<void> {
    await this.read(DbClean)
    const {runClean} = await import('../cli/db-files.js')
    await runClean()
  }
}
