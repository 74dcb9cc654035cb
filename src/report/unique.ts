/** Gives each thing a name of its own: the second `zlib` becomes `zlib-2`. */
export class UniqueNames {
  readonly #given = new Set<string>()
  readonly #counts = new Map<string, number>()

  take(wanted: string): string {
    let name = wanted
    let count = this.#counts.get(wanted) ?? 1
    while (this.#given.has(name)) name = `${wanted}-${++count}`
    this.#counts.set(wanted, count)
    this.#given.add(name)
    return name
  }
}
