/** `unknown` could not look and never makes a finding; `not-applicable` has nothing to look at. */
export type Verdict = 'yes' | 'no' | 'unknown' | 'not-applicable'

/** What a check of one file says, and what that rests on. `yes` always means the good thing is there. */
export interface Check<Value extends string = string> {
  readonly verdict: Verdict
  /** A finer answer where there is one: `none`, `partial` or `full` RELRO. */
  readonly value?: Value
  readonly evidence: string
}
