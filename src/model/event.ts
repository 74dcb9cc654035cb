/** What the work tells of its progress. `cli/progress.ts` alone decides who sees it. */
export type ScanEvent =
  | {readonly type: 'open'; readonly target: string}
  | {
      readonly type: 'layer'
      readonly index: number
      readonly of: number
      readonly doneBytes: number
      readonly totalBytes: number | null
      readonly entries: number
    }
  | {readonly type: 'step'; readonly name: string}

export type OnEvent = (event: ScanEvent) => void
