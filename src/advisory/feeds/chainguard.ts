import {securityFeed} from './security-json.js'

/** Advisories of Chainguard, for its own images. */
export const chainguard = securityFeed({
  name: 'chainguard',
  title: 'Chainguard',
  url: 'https://packages.cgr.dev/chainguard/security.json',
  home: 'https://edu.chainguard.dev/chainguard/chainguard-images/staying-secure/security-advisories/',
  licence: 'terms of Chainguard',
})
