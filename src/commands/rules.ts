import {PitonCommand} from '../cli/base.js'

export class Rules extends PitonCommand {
  static override summary = 'List the rules.'
  static override examples = ['<%= config.bin %> rules']

  override async run(): Promise<void> {
    await this.read(Rules)
    const [{rulesTable}, {rules}, {terminalOptions}] = await Promise.all([
      import('../report/rules-table.js'),
      import('../rules/index.js'),
      import('../cli/terminal.js'),
    ])
    process.stdout.write(rulesTable(rules, terminalOptions()))
  }
}
