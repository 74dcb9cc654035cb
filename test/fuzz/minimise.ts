/**
 * Makes an input smaller for as long as it does the same harm: takes parts away, halves first, then makes bytes zero.
 * @param tries most times that `harms` is asked
 */
export async function minimise(
  input: Uint8Array,
  tries: number,
  harms: (candidate: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let smallest = input
  let left = tries
  const attempt = async (candidate: Uint8Array): Promise<boolean> => {
    if (left-- <= 0 || !(await harms(candidate))) return false
    smallest = candidate
    return true
  }
  for (let size = 1 << Math.floor(Math.log2(Math.max(1, input.length))); size >= 1 && left > 0; size >>= 1) {
    for (let at = 0; at < smallest.length && left > 0; ) {
      const without = Uint8Array.from(Buffer.concat([smallest.subarray(0, at), smallest.subarray(at + size)]))
      if (!(await attempt(without))) at += size
    }
  }
  for (let size = 64; size >= 1 && left > 0; size >>= 3) {
    for (let at = 0; at < smallest.length && left > 0; at += size) {
      if (smallest.subarray(at, at + size).every(byte => byte === 0)) continue
      await attempt(smallest.slice().fill(0, at, at + size))
    }
  }
  return smallest
}
