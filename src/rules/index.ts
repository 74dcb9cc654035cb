import type {Command, Rule} from '../model/rule.js'
import {hardeningRules} from './hardening/index.js'
import {glibcInterpreter} from './musl/pt3001-glibc-interpreter.js'
import {missingLibrary} from './musl/pt3002-missing-library.js'
import {missingSymbol} from './musl/pt3003-missing-symbol.js'
import {unsupportedRelocation} from './musl/pt3004-unsupported-relocation.js'
import {glibcNativeModule} from './musl/pt3005-glibc-native-module.js'
import {missingScriptInterpreter} from './musl/pt3006-missing-script-interpreter.js'
import {mixedLibc} from './musl/pt3007-mixed-libc.js'
import {behaviourDiffers} from './musl/pt3008-behaviour-differs.js'
import {symbolMissingWhenCalled} from './musl/pt3009-symbol-missing-when-called.js'
import {endOfLifeRelease} from './pt1001-end-of-life-release.js'
import {staleDatabase} from './pt1002-stale-database.js'
import {mixedRepositories} from './pt1003-mixed-repositories.js'
import {insecureRepository} from './pt1004-insecure-repository.js'
import {unsupportedDistribution} from './pt1005-unsupported-distribution.js'
import {modifiedPackageFile} from './pt1006-modified-package-file.js'
import {unownedExecutable} from './pt1007-unowned-executable.js'
import {uncoveredPackage} from './pt1008-uncovered-package.js'
import {vulnerability} from './vulnerability.js'

/** Every rule, in the order in which people read them. */
export const rules: readonly Rule[] = [
  vulnerability,
  endOfLifeRelease,
  staleDatabase,
  mixedRepositories,
  insecureRepository,
  unsupportedDistribution,
  modifiedPackageFile,
  unownedExecutable,
  uncoveredPackage,
  ...hardeningRules,
  glibcInterpreter,
  missingLibrary,
  missingSymbol,
  unsupportedRelocation,
  glibcNativeModule,
  missingScriptInterpreter,
  mixedLibc,
  behaviourDiffers,
  symbolMissingWhenCalled,
]

/** The rules that a command asks. */
export function rulesFor(command: Command): readonly Rule[] {
  return rules.filter(({onlyIn = command}) => onlyIn === command)
}

/** By `PT1001`, in any case of letters, or by name: `EndOfLifeRelease`. */
export function ruleByID(id: string): Rule | undefined {
  const wanted = id.toLowerCase()
  return rules.find(rule => rule.id.toLowerCase() === wanted || rule.name.toLowerCase() === wanted)
}
