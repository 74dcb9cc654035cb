/**
 * What the loader does with a relocation, as far as the verdict depends on it: `call` and `got` may be put off by dlopen,
 * `copy` takes the object from a library, `tpoff` needs static TLS, everything else is `data`.
 */
export type RelocationClass = 'call' | 'got' | 'copy' | 'tpoff' | 'tlsdesc' | 'data'

/** A machine that musl's loader runs on. */
export interface MuslMachine {
  /** As the ELF reader names it. */
  readonly name: string
  /** In the name of the loader and of its path file: `ld-musl-armhf.so.1`. */
  readonly loaderArch: string
  /** In the names of Alpine's packages and repositories. */
  readonly alpineArch: string
  /** In the table of what musl exports. */
  readonly tableArch: string
  /** Relocation types that the loader processes. */
  readonly relocations: ReadonlyMap<number, RelocationClass>
}

/** R_*_NONE of every machine: passed over before the symbol is looked at. */
export const noRelocation = 0

interface Description {
  /** For loaderArch, alpineArch and tableArch, where the machine's own name is not the right one. */
  readonly loader?: string
  readonly alpine?: string
  readonly table?: string
  /** Words, PC-relative words, relative words, and module and offset of thread-local storage. */
  readonly data: readonly number[]
  readonly got?: number
  readonly call: number
  readonly copy: number
  readonly tpoff: readonly number[]
  readonly tlsdesc?: number
}

/** By the ELF reader's names. musl/arch/ARCH/reloc.h has these numbers under names of its own. */
const descriptions: Readonly<Record<string, Description>> = {
  x86_64: {data: [1, 2, 8, 16, 17], got: 6, call: 7, copy: 5, tpoff: [18], tlsdesc: 36},
  i386: {alpine: 'x86', table: 'x86', data: [1, 2, 8, 35, 36], got: 6, call: 7, copy: 5, tpoff: [14, 37], tlsdesc: 41},
  aarch64: {data: [257, 1027, 1028, 1029], got: 1025, call: 1026, copy: 1024, tpoff: [1030], tlsdesc: 1031},
  // Of both Alpine ports. The `arm` of musl has no floating-point registers, and Alpine never had it.
  arm: {loader: 'armhf', alpine: 'armv7', data: [2, 17, 18, 23], got: 21, call: 22, copy: 20, tpoff: [19], tlsdesc: 13},
  riscv64: {data: [2, 3, 7, 9], call: 5, copy: 4, tpoff: [11], tlsdesc: 12},
  s390x: {data: [12, 22, 54, 55], got: 10, call: 11, copy: 9, tpoff: [56]},
  ppc64le: {loader: 'powerpc64le', data: [22, 38, 43, 68, 78], got: 20, call: 21, copy: 19, tpoff: [73]},
  loongarch64: {data: [2, 3, 7, 9], call: 5, copy: 4, tpoff: [11]},
}

function machineOf(name: string, description: Description): MuslMachine {
  const {loader = name, alpine = name, table = name, data, got, call, copy, tpoff, tlsdesc} = description
  const types = (list: readonly (number | undefined)[], kind: RelocationClass) =>
    list.flatMap(type => (type === undefined ? [] : [[type, kind] as const]))
  const relocations = new Map([
    ...types(data, 'data'),
    ...types(tpoff, 'tpoff'),
    ...types([got], 'got'),
    ...types([call], 'call'),
    ...types([copy], 'copy'),
    ...types([tlsdesc], 'tlsdesc'),
  ])
  return {name, loaderArch: loader, alpineArch: alpine, tableArch: table, relocations}
}

/** Every machine that the model knows. */
export const muslMachines: readonly MuslMachine[] = Object.entries(descriptions).map(([name, description]) =>
  machineOf(name, description),
)

const byName: ReadonlyMap<string, MuslMachine> = new Map(muslMachines.map(machine => [machine.name, machine]))

/** null for a machine that Alpine was never built for. */
export function muslMachine(name: string): MuslMachine | null {
  return byName.get(name) ?? null
}

/** Path of musl's loader, which is musl itself. */
export function loaderPath({loaderArch}: MuslMachine): string {
  return `/lib/ld-musl-${loaderArch}.so.1`
}
