import {feedLimits} from '../limits.js'
import {parseSecdb} from '../secdb.js'
import type {Feed} from './feed.js'

/** A publisher of one document in the schema of the secdb, for one distribution or repository without branches. */
export interface Publisher extends Pick<Feed, 'name' | 'title' | 'home' | 'licence'> {
  readonly url: string
}

/** `wolfi/security.json`; of a feed of the user's own `feeds/NAME/security.json`. */
export function securityPath(name: string): string {
  return `${name.startsWith('feed:') ? `feeds/${name.slice('feed:'.length)}` : name}/security.json`
}

/** A feed that is fetched by who asks for it, to their machine, and never shipped. */
export function securityFeed({name, title, home, licence, url}: Publisher): Feed {
  return {
    name,
    title,
    gives: 'which ids each origin package has fixed, and from which version on',
    home,
    licence,
    everyHours: 1,
    byDefault: false,

    async plan() {
      return [{path: securityPath(name), url, form: 'json', limitBytes: feedLimits.advisoryBytes, isOptional: false}]
    },

    check(body) {
      parseSecdb(body.text(), body.where, () => {})
    },
  }
}

/** A feed in the schema of the secdb that is not known here: that of a private apk repository. */
export function ownFeed(name: string, url: string): Feed {
  return securityFeed({
    name: `feed:${name}`,
    title: name,
    home: url,
    licence: 'as its publisher says',
    url,
  })
}
