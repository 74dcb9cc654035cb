import type {Rule} from '../../model/rule.js'
import {positionIndependentExecutable} from './pt2001-position-independent-executable.js'
import {stackProtector} from './pt2002-stack-protector.js'
import {relocationReadOnly} from './pt2003-relocation-read-only.js'
import {executableStack} from './pt2004-executable-stack.js'
import {fortifySource} from './pt2005-fortify-source.js'
import {insecureRunPath} from './pt2006-insecure-run-path.js'
import {textRelocations} from './pt2007-text-relocations.js'
import {writableExecutableSegment} from './pt2008-writable-executable-segment.js'
import {setuidHardening} from './pt2009-setuid-hardening.js'
import {controlFlowProtection} from './pt2010-control-flow-protection.js'

/** What every ELF file is held against. */
export const hardeningRules: readonly Rule[] = [
  positionIndependentExecutable,
  stackProtector,
  relocationReadOnly,
  executableStack,
  fortifySource,
  insecureRunPath,
  textRelocations,
  writableExecutableSegment,
  setuidHardening,
  controlFlowProtection,
]
