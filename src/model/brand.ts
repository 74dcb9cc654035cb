declare const brand: unique symbol

/** A string (or number) that only its own parser can make, so that two kinds of string do not mix. */
export type Brand<T, Name extends string> = T & {readonly [brand]: Name}

/** Ends a `switch` over a union: a new member that nobody handled is a compile error. */
export function unreachable(value: never): never {
  throw new TypeError(`unreachable: ${JSON.stringify(value)}`)
}
