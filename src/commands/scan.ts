import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {type CheckName, checks} from '../model/rule.js'
import {type Severity, severities, type Threshold, thresholds} from '../model/severity.js'

export class Scan extends PitonCommand {
  static override summary = 'Say what is vulnerable in an image or a root file system.'
  static override description =
    'TARGET is a folder or tarball with a root file system, what docker save writes, or an OCI layout or archive; plain or compressed with gzip, zstd or xz. Nothing of it is run or unpacked to disk. Exit code 0: done; 1: findings at or above --fail-on; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> scan app.tar',
    '<%= config.bin %> scan --fail-on high -o table -o sarif=piton.sarif app.tar',
    '<%= config.bin %> scan docker-archive:images.tar:app:1.2 --platform linux/arm64',
  ]
  static override args = {
    target: Args.string({
      required: true,
      description: '[SCHEME:]VALUE; schemes: docker-archive, oci, oci-archive, rootfs',
    }),
  }
  static override flags = {
    output: Flags.string({
      char: 'o',
      multiple: true,
      multipleNonGreedy: true,
      description: 'FORMAT[=FILE], repeatable: table (default), json, sarif',
      helpValue: 'FORMAT[=FILE]',
    }),
    'fail-on': Flags.string({
      options: [...thresholds],
      default: 'none',
      description: 'exit 1 if a finding is as bad as this',
    }),
    severity: Flags.string({options: [...severities], default: 'note', description: 'show findings as bad as this'}),
    check: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: Object.keys(checks),
      description: 'only this check, repeatable',
    }),
    skip: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      options: Object.keys(checks),
      description: 'not this check, repeatable',
    }),
    integrity: Flags.boolean({
      description: 'also compare files with the checksums of their packages: reads every file',
    }),
    platform: Flags.string({description: 'which of a multi-platform image', helpValue: 'OS/ARCH[/VARIANT]'}),
    verify: Flags.boolean({description: 'hash also what need not be read in full'}),
    db: Flags.string({description: 'another advisory database', helpValue: 'DIR'}),
    strict: Flags.boolean({description: 'exit 2 if there is a warning'}),
    'allow-empty': Flags.boolean({description: 'no package database and no ELF file is no error'}),
    offline: Flags.boolean({description: 'no network at all (piton scan of a file never uses it)'}),
    at: Flags.string({description: 'measure ages against this day', helpValue: 'YYYY-MM-DD'}),
    progress: Flags.boolean({allowNo: true, default: true, description: 'show progress on a terminal'}),
    quiet: Flags.boolean({char: 'q', description: 'nothing on standard error but errors'}),
  }

  override async run(): Promise<void> {
    const {flags, args} = await this.read(Scan)
    const {runScan} = await import('../cli/scan.js')
    const code = await runScan(args.target, {
      outputs: flags.output ?? [],
      failOn: flags['fail-on'] as Threshold,
      severity: flags.severity as Severity,
      checks: (flags.check ?? []) as CheckName[],
      skip: (flags.skip ?? []) as CheckName[],
      integrity: flags.integrity,
      platform: flags.platform,
      verify: flags.verify,
      database: flags.db,
      strict: flags.strict,
      allowEmpty: flags['allow-empty'],
      at: flags.at,
      progress: flags.progress && !flags.quiet,
      quiet: flags.quiet,
      root: this.config.root,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
