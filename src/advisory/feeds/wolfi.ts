import {securityFeed} from './security-json.js'

/** Advisories of Wolfi, for its own images. */
export const wolfi = securityFeed({
  name: 'wolfi',
  title: 'Wolfi',
  url: 'https://packages.wolfi.dev/os/security.json',
  home: 'https://github.com/wolfi-dev/advisories',
  licence: 'CC BY-NC-ND 4.0: for the machine that fetches it; nothing may be derived from it and passed on',
})
