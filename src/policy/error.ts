import {PitonError} from '../model/errors.js'

/** A VEX document cannot be used. */
export class VexError extends PitonError<'VEX_UNREADABLE' | 'VEX_UNKNOWN' | 'VEX_OTHER' | 'VEX_LIMIT'> {}

/** A report to compare with cannot be used. */
export class BaselineError extends PitonError<
  'BASELINE_UNREADABLE' | 'BASELINE_UNKNOWN' | 'BASELINE_VERSION' | 'BASELINE_OTHER_IMAGE'
> {}

/** The configuration, or an option that it came from, cannot be used. */
export class ConfigError extends PitonError<
  'CONFIG_NOT_FOUND' | 'CONFIG_UNREADABLE' | 'CONFIG_INVALID' | 'CONFIG_EXISTS' | 'CONFIG_UNWRITABLE'
> {}
