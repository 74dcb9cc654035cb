import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'

/** The target, of every command that opens one. */
export const targetArg = Args.string({
  required: true,
  // What comes through a pipe is an image, not its name: without this oclif takes it for that.
  ignoreStdin: true,
  description:
    '[SCHEME:]VALUE, or - for standard input; schemes: docker-archive, oci, oci-archive, dir, rootfs, registry, docker, podman, apk, elf',
})

/** Flags of every command that opens a target. */
export const targetFlags = {
  platform: Flags.string({
    helpGroup: 'TARGET',
    description: 'which of a multi-platform image',
    helpValue: 'OS/ARCH[/VARIANT]',
  }),
  verify: Flags.boolean({helpGroup: 'TARGET', description: 'hash also what need not be read in full'}),
  strict: Flags.boolean({helpGroup: 'RUN', description: 'exit 2 if there is a warning'}),
  'allow-empty': Flags.boolean({helpGroup: 'TARGET', description: 'no package database and no ELF file is no error'}),
  offline: Flags.boolean({
    helpGroup: 'TARGET',
    description: 'no network at all (a file or the socket of an engine needs none)',
  }),
  'insecure-registry': Flags.string({
    helpGroup: 'TARGET',
    multiple: true,
    multipleNonGreedy: true,
    description: 'speak plain HTTP to this registry, repeatable (this machine needs no such leave)',
    helpValue: 'HOST[:PORT]',
  }),
  cache: Flags.boolean({
    helpGroup: 'TARGET',
    allowNo: true,
    default: true,
    description: 'use what earlier scans saw in the same layers and files, and keep it for later ones',
  }),
  limit: Flags.string({
    helpGroup: 'TARGET',
    multiple: true,
    multipleNonGreedy: true,
    description: 'raise or lower a limit, as elf-size=512MiB, repeatable (see piton help limits)',
    helpValue: 'NAME=VALUE',
  }),
  at: Flags.string({helpGroup: 'RUN', description: 'measure ages against this day', helpValue: 'YYYY-MM-DD'}),
  progress: Flags.boolean({helpGroup: 'RUN', allowNo: true, default: true, description: 'show progress on a terminal'}),
  quiet: Flags.boolean({helpGroup: 'RUN', char: 'q', description: 'nothing on standard error but errors'}),
}

/** `-o FORMAT[=FILE]`, repeatable. */
export function outputFlag(description: string) {
  return Flags.string({char: 'o', multiple: true, multipleNonGreedy: true, description, helpValue: 'FORMAT[=FILE]'})
}

/** `--fail-on`, of every command that can be a gate. */
export const failOnFlag = Flags.string({
  default: 'none',
  description: 'exit 1 if a finding is as bad as this: high, high:loaded, critical,medium:kev (see piton help fail-on)',
  helpValue: 'SEVERITY[:CONDITION]',
})

/** What {@link targetFlags} came to, in the words of the code. */
export interface TargetOptions {
  readonly outputs: readonly string[]
  readonly platform: string | undefined
  readonly verify: boolean
  readonly offline: boolean
  readonly insecureRegistries: readonly string[]
  readonly cache: boolean
  readonly debug: boolean
  readonly strict: boolean
  readonly allowEmpty: boolean
  readonly at: string | undefined
  readonly progress: boolean
  readonly quiet: boolean
}

/** The parsed flags, as the code takes them. */
export function targetOptions(flags: {
  readonly output: readonly string[] | undefined
  readonly platform: string | undefined
  readonly verify: boolean
  readonly offline: boolean
  readonly 'insecure-registry': readonly string[] | undefined
  readonly cache: boolean
  readonly debug: boolean
  readonly strict: boolean
  readonly 'allow-empty': boolean
  readonly at: string | undefined
  readonly progress: boolean
  readonly quiet: boolean
}): TargetOptions {
  return {
    outputs: flags.output ?? [],
    platform: flags.platform,
    verify: flags.verify,
    offline: flags.offline,
    insecureRegistries: flags['insecure-registry'] ?? [],
    cache: flags.cache,
    debug: flags.debug,
    strict: flags.strict,
    allowEmpty: flags['allow-empty'],
    at: flags.at,
    progress: flags.progress && !flags.quiet,
    quiet: flags.quiet,
  }
}
