import * as Flags from '@oclif/core/flags'
import type {Warning} from '../model/warning.js'
import type {Config} from '../policy/config/index.js'
import type {Shown} from './outputs.js'

/** Flags that say where settings come from; the file itself cannot set them. */
export const configFlags = {
  config: Flags.string({
    helpGroup: 'DECISION',
    description: "the configuration; default: .piton.yaml in the working folder, where there is one; '' for none",
    helpValue: 'FILE',
  }),
  profile: Flags.string({
    helpGroup: 'DECISION',
    description: 'settings of the configuration to use before the others',
    helpValue: 'NAME',
  }),
}

/** Flags that say which findings do not count, and how much is said of them. */
export const decisionFlags = {
  ...configFlags,
  vex: Flags.string({
    helpGroup: 'DECISION',
    multiple: true,
    multipleNonGreedy: true,
    description:
      'OpenVEX or CycloneDX statements about what does not concern you, repeatable; from-registry reads what the registry holds beside the image, and checks no signature',
    helpValue: 'FILE|from-registry',
  }),
  'show-suppressed': Flags.boolean({helpGroup: 'DECISION', description: 'list also what does not count, and why'}),
  explain: Flags.boolean({description: 'under each finding of the table: what it rests on, and why it matters'}),
}

/** Of the commands that scan one target. */
export const baselineFlag = Flags.string({
  helpGroup: 'DECISION',
  description: 'an earlier report of this image (-o json or sarif): what it knows does not count',
  helpValue: 'FILE',
})

/** What {@link baselineFlag} came to. */
export interface BaselineOptions {
  readonly baseline: string | undefined
}

/** What reports for people are asked to say besides. */
export function shownOf({showSuppressed, explain}: DecisionOptions): Shown {
  return {suppressed: showSuppressed, explain}
}

/** What {@link decisionFlags} came to. */
export interface DecisionOptions {
  readonly config: Config | null
  /** What was odd about settings, for the report. */
  readonly settingWarnings: readonly Warning[]
  /** Files with VEX documents, and `from-registry`. */
  readonly vex: readonly string[]
  readonly showSuppressed: boolean
  readonly explain: boolean
}

export function decisionOptions(
  flags: {readonly vex: readonly string[] | undefined; readonly 'show-suppressed': boolean; readonly explain: boolean},
  {config, warnings}: {readonly config: Config | null; readonly warnings: readonly Warning[]},
): DecisionOptions {
  return {
    config,
    settingWarnings: warnings,
    vex: flags.vex ?? [],
    showSuppressed: flags['show-suppressed'],
    explain: flags.explain,
  }
}
