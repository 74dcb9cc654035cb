import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {configFlags} from '../cli/decision-flags.js'
import {justifications} from '../policy/justification.js'

/** Repeatable: any of them. */
const several = {multiple: true, multipleNonGreedy: true} as const

export class Ignore extends PitonCommand {
  static override summary = 'Add a finding to the ignore list, with the reason.'
  static override description =
    'Writes one entry into .piton.yaml, and makes that file where there is none; everything else in it stays as it is. An entry that is over, or that nothing needs any more, is a warning of every scan.'
  static override examples = [
    "<%= config.bin %> ignore CVE-2024-6119 --reason 'TLS client only' --expires 2026-12-31",
    "<%= config.bin %> ignore PT2001 --path 'opt/vendor/**' --reason 'no other build'",
    "<%= config.bin %> ignore CVE-2024-6119 --package openssl --image app --justification vulnerable_code_not_in_execute_path --reason 'never called'",
  ]
  static override args = {
    id: Args.string({required: true, ignoreStdin: true, description: 'CVE-2024-6119, PT2001, GHSA-…'}),
  }
  static override flags = {
    reason: Flags.string({required: true, description: 'why it does not matter here', helpValue: 'TEXT'}),
    expires: Flags.string({description: 'the last day that this holds', helpValue: 'YYYY-MM-DD'}),
    package: Flags.string({...several, description: 'only in this package or origin, repeatable', helpValue: 'NAME'}),
    path: Flags.string({...several, description: 'only at this path or pattern, repeatable', helpValue: 'GLOB'}),
    symbol: Flags.string({...several, description: 'only for these symbols, repeatable', helpValue: 'NAME'}),
    library: Flags.string({...several, description: 'only for these libraries, repeatable', helpValue: 'NAME'}),
    image: Flags.string({...several, description: 'only in this image, repeatable', helpValue: 'NAME'}),
    justification: Flags.string({
      options: [...justifications],
      description: 'says with -o openvex that the image is not affected, and why',
    }),
    config: configFlags.config,
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.parse(Ignore)
    const {ignore} = await import('../cli/ignore.js')
    await ignore(
      {
        rule: args.id,
        package: flags.package ?? [],
        path: flags.path ?? [],
        symbol: flags.symbol ?? [],
        library: flags.library ?? [],
        image: flags.image ?? [],
        reason: flags.reason,
        expires: flags.expires ?? '',
        justification: flags.justification ?? '',
      },
      flags.config,
    )
  }
}
