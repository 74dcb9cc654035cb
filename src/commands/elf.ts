import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {type Threshold, thresholds} from '../model/severity.js'

export class Elf extends PitonCommand {
  static override summary = 'Show how ELF files are hardened, as a table.'
  static override description =
    'PATH is an ELF file, a folder that is searched with all that is in it, or a pattern (*, ?, [a-z], **). Links are not followed. In a folder what is not ELF is passed over. Exit code 0: done; 1: findings at or above --fail-on; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> elf /usr/bin/ssh',
    '<%= config.bin %> elf --fail-on medium build/',
    "<%= config.bin %> elf -o json 'dist/**/*.node'",
  ]
  static override args = {
    path: Args.string({
      required: true,
      ignoreStdin: true,
      multiple: true,
      description: 'file, folder or pattern, repeatable',
    }),
  }
  static override flags = {
    output: Flags.string({
      char: 'o',
      multiple: true,
      multipleNonGreedy: true,
      description: 'FORMAT[=FILE], repeatable: table (default), json',
      helpValue: 'FORMAT[=FILE]',
    }),
    'fail-on': Flags.string({
      options: [...thresholds],
      default: 'none',
      description: 'exit 1 if a finding is as bad as this',
    }),
    strict: Flags.boolean({description: 'exit 2 if there is a warning'}),
    'allow-empty': Flags.boolean({description: 'no ELF file is no error'}),
    progress: Flags.boolean({allowNo: true, default: true, description: 'show progress on a terminal'}),
    quiet: Flags.boolean({char: 'q', description: 'nothing on standard error but errors'}),
  }

  override async run(): Promise<void> {
    const {flags, args} = await this.read(Elf)
    const {runElf} = await import('../cli/elf.js')
    const code = await runElf(args.path, {
      outputs: flags.output ?? [],
      failOn: flags['fail-on'] as Threshold,
      strict: flags.strict,
      allowEmpty: flags['allow-empty'],
      progress: flags.progress && !flags.quiet,
      quiet: flags.quiet,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
