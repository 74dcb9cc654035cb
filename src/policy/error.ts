import {PitonError} from '../model/errors.js'

/** The configuration, or an option that it came from, cannot be used. */
export class ConfigError extends PitonError<
  'CONFIG_NOT_FOUND' | 'CONFIG_UNREADABLE' | 'CONFIG_INVALID' | 'CONFIG_EXISTS' | 'CONFIG_UNWRITABLE'
> {}
