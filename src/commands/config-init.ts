import {PitonCommand} from '../cli/base.js'
import {configFlags} from '../cli/decision-flags.js'

export class ConfigInit extends PitonCommand {
  static override summary = 'Write a commented configuration, .piton.yaml.'
  static override description = 'A configuration that is there is never overwritten.'
  static override examples = ['<%= config.bin %> config init']
  static override flags = {config: configFlags.config}

  override async run(): Promise<void> {
    const {flags} = await this.parse(ConfigInit)
    const {initConfig} = await import('../cli/config.js')
    initConfig(flags.config)
  }
}
