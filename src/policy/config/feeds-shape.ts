import {ConfigError} from '../error.js'
import {record, type Shape, text} from './shape.js'

/** As the database calls what it has beside the branches of Alpine. */
const namePattern = '^(?!edge$)[a-z][a-z0-9-]{1,39}$'
const urlPattern = '^https?://[^\\s/]'

/** Advisories of private apk repositories, in the schema of the secdb: the address of each by its name. */
export function feedsShape(): Shape<ReadonlyMap<string, string>> {
  const url = text(
    value => {
      if (new RegExp(urlPattern).test(value) && URL.canParse(value)) return
      throw new ConfigError('CONFIG_INVALID', `${JSON.stringify(value)} is no address of a feed`, {
        hint: 'For example https://apk.example.org/security.json.',
      })
    },
    {type: 'string', pattern: urlPattern},
  )
  return record(url, checkName, {propertyNames: {pattern: namePattern}})
}

function checkName(name: string): void {
  if (new RegExp(namePattern).test(name)) return
  throw new ConfigError('CONFIG_INVALID', `${JSON.stringify(name)} is no name of a feed`, {
    hint: 'A name has small letters, digits and -, and is no branch of Alpine.',
  })
}

/** As `--feed` has them. */
export function feedTexts(feeds: ReadonlyMap<string, string>): readonly string[] {
  return [...feeds].map(([name, url]) => `${name}=${url}`)
}
