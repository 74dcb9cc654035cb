import {Command} from '@oclif/core/command'
import * as Flags from '@oclif/core/flags'
import type * as Interfaces from '@oclif/core/interfaces'

/** oclif types parsed flags with an index signature; without it a misspelt name does not compile. */
export type Known<T> = {[K in keyof T as string extends K ? never : K]: T[K]}

/** What every command has. */
export abstract class PitonCommand extends Command {
  static override baseFlags = {
    debug: Flags.boolean({description: 'show stack traces and what was decided', helpGroup: 'GLOBAL'}),
  }

  /** The parsed command line of `command`, whose class is `this.constructor`. */
  protected async read<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(
    command: Interfaces.Input<F, Interfaces.OutputFlags<Interfaces.FlagInput>, A>,
  ): Promise<{readonly flags: Known<F> & {readonly debug: boolean}; readonly args: Known<A>}> {
    const {flags, args} = await this.parse(command)
    return {flags: flags as unknown as Known<F> & {readonly debug: boolean}, args: args as unknown as Known<A>}
  }
}
