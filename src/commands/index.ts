import {Audit} from './audit.js'
import {CacheClean} from './cache-clean.js'
import {CacheStatus} from './cache-status.js'
import {Autocomplete, Completion} from './completion.js'
import {ConfigCheck} from './config-check.js'
import {ConfigInit} from './config-init.js'
import {DbBuild} from './db-build.js'
import {DbClean} from './db-clean.js'
import {DbExport} from './db-export.js'
import {DbImport} from './db-import.js'
import {DbMirror} from './db-mirror.js'
import {DbStatus} from './db-status.js'
import {DbUpdate} from './db-update.js'
import {DbVerify} from './db-verify.js'
import {Diff} from './diff.js'
import {Elf} from './elf.js'
import {Explain} from './explain.js'
import {Fix} from './fix.js'
import {Ignore} from './ignore.js'
import {Rules} from './rules.js'
import {Sbom} from './sbom.js'
import {Scan} from './scan.js'
import {Upload} from './upload.js'
import {Why} from './why.js'

/** Every command, by the words that call it. */
export const COMMANDS = {
  scan: Scan,
  audit: Audit,
  elf: Elf,
  diff: Diff,
  sbom: Sbom,
  upload: Upload,
  why: Why,
  fix: Fix,
  ignore: Ignore,
  rules: Rules,
  explain: Explain,
  completion: Completion,
  autocomplete: Autocomplete,
  'cache:clean': CacheClean,
  'cache:status': CacheStatus,
  'config:init': ConfigInit,
  'config:check': ConfigCheck,
  'db:build': DbBuild,
  'db:clean': DbClean,
  'db:export': DbExport,
  'db:import': DbImport,
  'db:mirror': DbMirror,
  'db:status': DbStatus,
  'db:update': DbUpdate,
  'db:verify': DbVerify,
}
