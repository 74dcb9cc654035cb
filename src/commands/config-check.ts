import {PitonCommand} from '../cli/base.js'
import {configFlags} from '../cli/decision-flags.js'
import {exitCodes} from '../cli/errors.js'

export class ConfigCheck extends PitonCommand {
  static override summary = 'Say what is wrong in a configuration, and where.'
  static override description = 'Exit code 0: it is in order; 2: it is not, or there is none.'
  static override examples = ['<%= config.bin %> config check', '<%= config.bin %> config check --config ci/piton.yaml']
  static override flags = {config: configFlags.config}

  override async run(): Promise<void> {
    const {flags} = await this.parse(ConfigCheck)
    const {checkConfigFile} = await import('../cli/config.js')
    const code = await checkConfigFile(flags.config)
    if (code !== exitCodes.done) process.exitCode = code
  }
}
