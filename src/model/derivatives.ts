/** Systems built on apk that publish a feed of their own in the schema of the secdb, by the ID of their os-release. */
const ownFeeds: ReadonlySet<string> = new Set(['wolfi', 'chainguard', 'minimos'])

/** Has a system of this ID advisories of its own? They go by its ID in a database, and are there only if somebody asked. */
export function hasOwnFeed(id: string): boolean {
  return ownFeeds.has(id)
}

/** Is it a branch of Alpine, `v3.19` or `edge`, and not the name of another feed? */
export function isAlpineBranch(branch: string): boolean {
  return branch === 'edge' || /^v\d+\.\d+$/.test(branch)
}
