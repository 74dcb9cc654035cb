import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'
import type {Warning} from '../model/warning.js'
import type {Config} from '../policy/config/index.js'
import {settle} from './settings.js'
import type {FlagDefinitions} from './vocabulary.js'

/** oclif types parsed flags with an index signature; without it a misspelt name does not compile. */
export type Known<T> = {[K in keyof T as string extends K ? never : K]: T[K]}

/** What every command has. */
export abstract class PitonCommand extends Command {
  static override baseFlags = {
    debug: Flags.boolean({description: 'show stack traces and what was decided', helpGroup: 'GLOBAL'}),
  }

  /** As oclif parses, but what is misspelt is answered with what was probably meant. */
  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(input?: Interfaces.Input<F, B, A>, argv = this.argv): Promise<Interfaces.ParserOutput<F, B, A>> {
    const flags = {...PitonCommand.baseFlags, ...input?.flags} as unknown as FlagDefinitions
    if (argv.some(word => /^--[\w-]+=/.test(word))) {
      const {refuseValuesOfSwitches} = await import('./command-line-errors.js')
      refuseValuesOfSwitches(argv, flags)
    }
    try {
      return await super.parse(input, argv)
    } catch (error) {
      const [{explained}, {nameOf}] = await Promise.all([
        import('./command-line-errors.js'),
        import('./command-names.js'),
      ])
      throw explained(error, {name: await nameOf(this.constructor), flags})
    }
  }

  /**
   * The command line of `command`, whose class is `this.constructor`, with what the environment and the configuration
   * say where it says nothing.
   * @param notConfigured flags that mean something else here than in other commands
   */
  protected async read<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(
    command: Interfaces.Input<F, Interfaces.OutputFlags<Interfaces.FlagInput>, A>,
    notConfigured: ReadonlySet<string> = new Set(),
  ): Promise<{
    readonly flags: Known<F> & {readonly debug: boolean}
    readonly args: Known<A>
    readonly config: Config | null
    readonly warnings: readonly Warning[]
  }> {
    const {args, ...line} = await this.parse(command)
    const say = (text: string) => void process.stderr.write(`piton: ${text}\n`)
    const debug = (line.flags as {debug?: boolean}).debug === true
    const definitions = (command.flags ?? {}) as unknown as FlagDefinitions
    const options = {env: process.env, notConfigured, say: debug ? say : null}
    const {flags, config, warnings} = await settle(definitions, line, options)
    return {
      flags: flags as unknown as Known<F> & {readonly debug: boolean},
      args: args as unknown as Known<A>,
      config,
      warnings,
    }
  }
}
