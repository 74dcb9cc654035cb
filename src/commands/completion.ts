import * as Args from '@oclif/core/args'
import {PitonCommand} from '../cli/base.js'

export class Completion extends PitonCommand {
  static override summary = 'Write what makes the Tab key complete commands, flags and values.'
  static override description =
    'Prints a script for the shell; without one, what to type to put it to use. The script is made from the commands of this version: make it anew after an upgrade, or source it as below.'
  static override examples = [
    "echo 'source <(<%= config.bin %> completion bash)' >> ~/.bashrc",
    "echo 'source <(<%= config.bin %> completion zsh)' >> ~/.zshrc",
    '<%= config.bin %> completion fish > ~/.config/fish/completions/piton.fish',
  ]
  static override args = {
    shell: Args.string({ignoreStdin: true, options: ['bash', 'zsh', 'fish'], description: 'bash, zsh or fish'}),
  }

  override async run(): Promise<void> {
    const {args} = await this.parse(Completion)
    const [{completionScript, setUpText}, {COMMANDS}] = await Promise.all([
      import('../cli/completion/index.js'),
      import('./index.js'),
    ])
    const {shell} = args
    const known = shell === 'bash' || shell === 'zsh' || shell === 'fish'
    process.stdout.write(known ? completionScript(shell, COMMANDS) : setUpText())
  }
}

/** The name that other programs give it. */
export class Autocomplete extends Completion {
  static override hidden = true
}
