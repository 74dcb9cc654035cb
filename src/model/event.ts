/** What the work tells of its progress. `cli/progress.ts` alone decides who sees it. */
export type ScanEvent =
  | {readonly type: 'open'; readonly target: string}
  /** What comes through a pipe, or from an engine, is taken in; how much will come is not known. */
  | {readonly type: 'receive'; readonly doneBytes: number}
  /** A compressed archive is inflated to learn what is in it; bytes as stored. */
  | {readonly type: 'read'; readonly doneBytes: number; readonly totalBytes: number}
  | {
      readonly type: 'layer'
      readonly index: number
      readonly of: number
      readonly doneBytes: number
      readonly totalBytes: number | null
      readonly entries: number
    }

export type OnEvent = (event: ScanEvent) => void
