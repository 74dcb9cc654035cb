/**
 * `work` for every item, at most `atOnce` at a time; results in the order of the items. The error that comes
 * first stops what has not begun, and is thrown when what has begun is over.
 */
export async function mapConcurrent<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length)
  let next = 0
  let failure: {readonly error: unknown} | null = null
  const worker = async () => {
    while (next < items.length && failure === null) {
      const index = next++
      try {
        results[index] = await work(items[index] as Item, index)
      } catch (error) {
        failure ??= {error}
      }
    }
  }
  await Promise.all(Array.from({length: Math.min(atOnce, items.length)}, worker))
  if (failure !== null) throw (failure as {readonly error: unknown}).error
  return results
}
