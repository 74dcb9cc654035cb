import * as Flags from '@oclif/core/flags'

/** Flags that say which advisories a scan goes by. */
export const databaseFlags = {
  db: Flags.string({helpGroup: 'DATABASE', description: 'another advisory database', helpValue: 'DIR'}),
  'db-max-age': Flags.string({
    helpGroup: 'DATABASE',
    description: 'PT1002 is medium, and with --strict exit 2, where the advisories are older',
    helpValue: 'AGE',
  }),
  update: Flags.boolean({
    helpGroup: 'DATABASE',
    description: 'first refresh the database if that was not done for a day; go on with the old one if it fails',
  }),
  mirror: Flags.string({
    helpGroup: 'DATABASE',
    description: 'with --update: a mirror instead of the services',
    helpValue: 'URL',
  }),
  feed: Flags.string({
    helpGroup: 'DATABASE',
    multiple: true,
    multipleNonGreedy: true,
    description: 'with --update: also this document in the schema of the secdb, repeatable',
    helpValue: 'NAME=URL',
  }),
}

/** What {@link databaseFlags} came to. */
export interface DatabaseOptions {
  readonly database: string | undefined
  /** As it was typed. */
  readonly maxAge: string | undefined
  readonly update: boolean
  readonly mirror: string | undefined
  /** `NAME=URL` */
  readonly ownFeeds: readonly string[]
}

export function databaseOptions(flags: {
  readonly db: string | undefined
  readonly 'db-max-age': string | undefined
  readonly update: boolean
  readonly mirror: string | undefined
  readonly feed: readonly string[] | undefined
}): DatabaseOptions {
  return {
    database: flags.db,
    maxAge: flags['db-max-age'],
    update: flags.update,
    mirror: flags.mirror,
    ownFeeds: flags.feed ?? [],
  }
}
