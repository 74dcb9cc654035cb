import type {InstalledPackage} from './package.js'

/** What ends the name of a dependency, apk-tools doc/apk-package.5: a version with its operator, or a pinned tag. */
const operator = /[<>=~@]/

/** One package needs another, by its name or by something that it provides: `so:libssl.so.3`. */
export interface Dependency {
  readonly on: InstalledPackage
  /** Without version. */
  readonly as: string
}

/** The same, seen from the other end. */
export interface Dependent {
  readonly by: InstalledPackage
  readonly as: string
}

/** Who of the installed packages needs whom, and what the world file asks for. */
export class Dependencies {
  readonly #providers = new Map<string, InstalledPackage>()
  readonly #of = new Map<InstalledPackage, readonly Dependency[]>()
  readonly #world = new Map<InstalledPackage, string>()
  #by: ReadonlyMap<InstalledPackage, readonly Dependent[]> | null = null

  /**
   * A name stands for the package that is called so, else for the first that provides it: apk lets only one provide a
   * name with a version. What nobody has is left out.
   */
  constructor(packages: readonly InstalledPackage[], world: readonly string[] = []) {
    for (const one of packages) this.#offer(one.name, one)
    for (const one of packages) for (const provided of one.provides) this.#offer(constraintName(provided), one)
    for (const one of packages) this.#of.set(one, this.#neededBy(one))
    for (const entry of world) {
      const one = entry.startsWith('!') ? undefined : this.#providers.get(constraintName(entry))
      if (one !== undefined && !this.#world.has(one)) this.#world.set(one, entry)
    }
  }

  /** What a package needs, each once. */
  of(one: InstalledPackage): readonly Dependency[] {
    return this.#of.get(one) ?? []
  }

  /** Who needs a package. */
  on(one: InstalledPackage): readonly Dependent[] {
    this.#by ??= this.#turned()
    return this.#by.get(one) ?? []
  }

  /** The entry of the world file that asks for a package; null where none does. */
  worldEntry(one: InstalledPackage): string | null {
    return this.#world.get(one) ?? null
  }

  /** The package that a name stands for. */
  provider(name: string): InstalledPackage | null {
    return this.#providers.get(constraintName(name)) ?? null
  }

  /** The packages that `i:` names, where all of them are installed: apk then installs this one too; null where not. */
  installedFor(one: InstalledPackage): readonly InstalledPackage[] | null {
    const wanted = one.installIf.map(condition => this.provider(condition))
    return wanted.length === 0 || wanted.includes(null) ? null : wanted.filter(found => found !== null)
  }

  #offer(name: string, one: InstalledPackage): void {
    if (!this.#providers.has(name)) this.#providers.set(name, one)
  }

  #neededBy(one: InstalledPackage): readonly Dependency[] {
    const needed = new Map<InstalledPackage, string>()
    for (const dependency of one.depends) {
      // `!name` is a conflict.
      const on = dependency.startsWith('!') ? null : this.provider(dependency)
      if (on !== null && on !== one && !needed.has(on)) needed.set(on, constraintName(dependency))
    }
    return [...needed].map(([on, as]) => ({on, as}))
  }

  #turned(): ReadonlyMap<InstalledPackage, readonly Dependent[]> {
    const turned = new Map<InstalledPackage, Dependent[]>()
    for (const [by, needed] of this.#of) {
      for (const {on, as} of needed) {
        const known = turned.get(on)
        if (known === undefined) turned.set(on, [{by, as}])
        else known.push({by, as})
      }
    }
    return turned
  }
}

/** `so:libssl.so.3=3` is called `so:libssl.so.3`. */
export function constraintName(constraint: string): string {
  const end = constraint.search(operator)
  return end < 0 ? constraint : constraint.slice(0, end)
}
