/** What the work tells of its progress. `cli/progress.ts` alone decides who sees it. */
export type ScanEvent =
  | {readonly type: 'open'; readonly target: string}
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
