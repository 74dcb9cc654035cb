import {securityFeed} from './security-json.js'

/** Advisories of MinimOS, for its own images. */
export const minimos = securityFeed({
  name: 'minimos',
  title: 'MinimOS',
  url: 'https://packages.mini.dev/advisories/secdb/security.json',
  home: 'https://packages.mini.dev/advisories/',
  licence: 'terms of Minimus',
})
