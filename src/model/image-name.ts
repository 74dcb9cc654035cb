/**
 * The name of an image without its tag and digest, which change while the image stays the same one:
 * `registry:5000/team/app:1.2@sha256:…` is `registry:5000/team/app`. '' where there is no name.
 */
export function imageRepository(name: string | null): string {
  const untagged = name?.split('@', 1)[0] ?? ''
  const colon = untagged.lastIndexOf(':')
  return colon > untagged.lastIndexOf('/') ? untagged.slice(0, colon) : untagged
}
