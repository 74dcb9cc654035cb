import type {Image, Layer} from '../model/image.js'

/** What there is to say of a target that is no image: no manifest, no configuration, one layer without a history. */
export function plainTarget(name: string, storedBytes: number | null) {
  const layer: Layer = {
    index: 0,
    name,
    diffID: null,
    createdBy: null,
    storedBytes,
    whiteouts: false,
    verified: false,
  }
  return {
    name: null,
    platform: null,
    imageID: null,
    manifestDigest: null,
    config: null,
    annotations: new Map(),
    layers: [layer],
    warnings: [],
  } satisfies Partial<Image>
}
