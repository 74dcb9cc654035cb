import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {databaseFlags, databaseOptions} from '../cli/database-flags.js'
import {baselineFlag, decisionFlags, decisionOptions} from '../cli/decision-flags.js'
import {exitCodes} from '../cli/errors.js'
import {placementFlags, placementOptions} from '../cli/placement-flags.js'
import {failOnFlag, outputFlag, targetArg, targetFlags, targetOptions} from '../cli/target-flags.js'
import {scanUpload, scanUploadFlags} from '../cli/upload-flags.js'
import {type CheckName, checks} from '../model/rule.js'
import {type Severity, severities} from '../model/severity.js'

export class Scan extends PitonCommand {
  static override summary = 'Say what is vulnerable, unprotected or refused by musl.'
  static override description =
    'TARGET is a folder or tarball with a root file system, what docker save writes, or an OCI layout or archive, plain or compressed with gzip, zstd or xz; an apk 2 package, or the name of an image in a registry or, with docker: or podman:, in the local engine. Nothing of it is run or unpacked to disk. Exit code 0: done; 1: findings at or above --fail-on; 2: piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> scan app.tar',
    '<%= config.bin %> scan alpine:3.20',
    '<%= config.bin %> scan docker:app:1.2',
    'docker save app | <%= config.bin %> scan -',
    '<%= config.bin %> scan --fail-on high -o table -o sarif=piton.sarif app.tar',
    '<%= config.bin %> scan --from images.txt -o table -o json=all.json',
    '<%= config.bin %> scan docker-archive:images.tar:app:1.2 --platform linux/arm64',
    '<%= config.bin %> scan app.tar --upload',
  ]
  static override args = {
    target: {...targetArg, required: false},
  }
  static override flags = {
    ...targetFlags,
    ...placementFlags,
    ...decisionFlags,
    baseline: baselineFlag,
    output: outputFlag(
      'FORMAT[=FILE], repeatable: table (default), json, sarif, cyclonedx, spdx, html, markdown, junit, github, openvex',
    ),
    'fail-on': failOnFlag,
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
    alpine: Flags.string({
      description: 'whose advisories count for what does not say its release, as an .apk file',
      helpValue: 'RELEASE',
    }),
    from: Flags.string({
      description:
        'scan several targets: a file that lists them, one a line (- for standard input), or a folder of images',
      helpValue: 'FILE',
    }),
    jobs: Flags.integer({
      min: 1,
      max: 64,
      description: 'with --from, targets at the same time; default: one for each processor, at most 4',
    }),
    ...databaseFlags,
    ...scanUploadFlags,
  }

  override async run(): Promise<void> {
    const {flags, args, ...settled} = await this.read(Scan)
    const {runScan} = await import('../cli/scan.js')
    const code = await runScan(args.target, {
      ...targetOptions(flags),
      ...placementOptions(flags),
      ...decisionOptions(flags, settled),
      baseline: flags.baseline,
      failOn: flags['fail-on'],
      severity: flags.severity as Severity,
      checks: (flags.check ?? []) as CheckName[],
      skip: (flags.skip ?? []) as CheckName[],
      integrity: flags.integrity,
      alpine: flags.alpine,
      ...databaseOptions(flags),
      upload: scanUpload(flags),
      from: flags.from,
      jobs: flags.jobs,
      root: this.config.root,
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
