import {blockBytes, isZeroBlock, numeric} from '../../src/archive/tar-header.js'

/** Makes the checksums of a tar right, header by header as a reader would go from one to the next. */
export function mendTar(tar: Uint8Array): void {
  for (let at = 0; at + blockBytes <= tar.length; at += blockBytes) {
    if (isZeroBlock(tar, at)) continue
    const block = tar.subarray(at, at + blockBytes)
    block.fill(0x20, 148, 156)
    const sum = block.reduce((total, byte) => total + byte, 0)
    block.set(Buffer.from(`${sum.toString(8).padStart(6, '0')}\0 `), 148)
    const size = numeric(block, 124, 12)
    const hasBody = !'123456'.includes(String.fromCharCode(block[156] as number))
    if (size !== null && size > 0 && hasBody) at += Math.ceil(size / blockBytes) * blockBytes
  }
}
