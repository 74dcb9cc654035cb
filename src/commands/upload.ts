import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {uploadDestination, uploadFlags} from '../cli/upload-flags.js'

export class Upload extends PitonCommand {
  static override summary = 'Send a SARIF file to GitHub code scanning.'
  static override description =
    'Checks the file for everything that GitHub rejects or drops, sends it, waits until it is processed, and prints what became of it and where the alerts are. Takes the SARIF of any tool. The token comes from GITHUB_TOKEN or GH_TOKEN, and needs security-events: write; the server from GITHUB_API_URL. Exit code 0: done; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> upload piton.sarif',
    '<%= config.bin %> upload piton.sarif --dry-run',
    '<%= config.bin %> upload piton.sarif --repository octo/web --ref refs/heads/main --commit "$(git rev-parse HEAD)"',
  ]
  static override args = {
    file: Args.string({required: true, description: 'a SARIF file, or - for standard input'}),
  }
  static override flags = {
    'dry-run': Flags.boolean({description: 'stop after the check, and say what would be sent where'}),
    force: Flags.boolean({
      description: 'send also what a scan wrote that did not see everything: GitHub closes what is missing in it',
    }),
    ...uploadFlags,
    offline: Flags.boolean({description: 'no network at all: only --dry-run is left'}),
    quiet: Flags.boolean({char: 'q', description: 'nothing on standard error but errors'}),
  }

  override async run(): Promise<void> {
    const {flags, args} = await this.read(Upload)
    const {runUpload} = await import('../cli/upload.js')
    const code = await runUpload(args.file, {
      ...uploadDestination(flags),
      dryRun: flags['dry-run'],
      force: flags.force,
      offline: flags.offline,
      quiet: flags.quiet,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
