/** Something that musl does otherwise than glibc although the function is there. */
export interface Behaviour {
  /** Stable: findings are told apart by it. */
  readonly id: string
  /** What differs, in a few words. */
  readonly title: string
  /** What musl does, and what that can break. */
  readonly why: string
  /** What to look at in the program. */
  readonly check: string
  /** Importing one of these means that it may matter … */
  readonly imports: readonly string[]
  /** … where one of these is imported too … */
  readonly with?: readonly string[]
  /** … unless one of these is: the program takes care of it. */
  readonly unless?: readonly string[]
}

/** The files that a behaviour may matter to. */
export interface BehaviourUse {
  readonly behaviour: Behaviour
  /** By path. */
  readonly files: readonly {
    readonly path: string
    readonly layer: number
    /** Package of the distribution that owns it; null where none does. */
    readonly package: string | null
    /** Those of the behaviour's names that it imports. */
    readonly imports: readonly string[]
  }[]
}
