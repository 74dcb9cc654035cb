import {type ApkCommand, apkCommandsOf} from '../dockerfile/apk-command.js'
import type {Dockerfile, Instruction} from '../dockerfile/instruction.js'
import type {LayerMap} from '../dockerfile/map.js'
import {originLines, providersOf} from '../dockerfile/origin-lines.js'
import type {Chain} from '../dockerfile/stages.js'
import type {InstalledPackage} from '../model/package.js'

/** Where something of an image comes from: its base image, or an instruction by its index; null where nothing tells. */
export type Place = 'base' | number | null

/** One instruction behind the image, and the apk commands in it. */
export interface Step {
  readonly instruction: Instruction
  readonly commands: readonly ApkCommand[]
  /** Is it known that the image was built with it as it stands? null where nothing tells. */
  readonly isBuilt: boolean | null
}

/** The instructions behind an image, from the base up, and which of them brought which package. */
export class Layout {
  readonly dockerfile: Dockerfile
  readonly steps: readonly Step[]
  readonly #layers: LayerMap['layers']
  readonly #base: readonly (boolean | null)[]
  readonly #indexes: ReadonlyMap<Instruction, number>
  /** By name: the instruction whose `apk add` names it, or something that needs it. */
  readonly #origins: ReadonlyMap<string, number>
  /** Index of the last instruction with an apk command; -1: none has. */
  readonly #lastCommand: number

  constructor(
    {dockerfile, layers}: LayerMap & {readonly dockerfile: Dockerfile},
    {instructions}: Chain,
    base: readonly (boolean | null)[],
    packages: readonly InstalledPackage[],
  ) {
    this.dockerfile = dockerfile
    this.#layers = layers
    this.#base = base
    this.#indexes = new Map(instructions.map((instruction, index) => [instruction, index]))
    const built = this.#builtLines()
    const providers = providersOf(packages)
    const origins = new Map<string, number>()
    this.steps = instructions.map((instruction, index) => {
      if (instruction.keyword !== 'RUN') return {instruction, commands: [], isBuilt: isBuilt(instruction, built)}
      const {added, commands} = apkCommandsOf(dockerfile, instruction)
      for (const name of originLines(added, providers).keys()) if (!origins.has(name)) origins.set(name, index)
      return {instruction, commands: commands.filter(({elsewhere}) => !elsewhere), isBuilt: isBuilt(instruction, built)}
    })
    this.#origins = origins
    this.#lastCommand = this.steps.findLastIndex(({commands}) => commands.length > 0)
  }

  /** Index of an instruction; null where it is not behind the image. */
  indexOf(instruction: Instruction): number | null {
    return this.#indexes.get(instruction) ?? null
  }

  /** What nothing tells of is taken for the work of the last apk command: a line behind that upgrades it in any case. */
  placeOf({name, layer}: InstalledPackage): Place {
    const base = this.#base[layer] ?? null
    if (base === true) return 'base'
    const instruction = this.#layers[layer]?.instruction ?? null
    const index = instruction === null ? undefined : this.#indexes.get(instruction)
    const known = index ?? this.#origins.get(name)
    if (known !== undefined) return known
    if (base === null && layer === 0) return 'base'
    if (this.#lastCommand >= 0) return this.#lastCommand
    return base === null ? 'base' : null
  }

  /** The stage or image that the instruction takes files from; null where it does not. */
  copiedFrom(index: number): string | null {
    const instruction = this.steps[index]?.instruction
    return this.#layers.find(layer => layer.instruction === instruction)?.copiedFrom ?? null
  }

  /** The first line of each instruction that made a layer, and whether that was with the text that stands there. */
  #builtLines(): ReadonlyMap<number, boolean> | null {
    const lines = new Map<number, boolean>()
    for (const {instruction, confidence} of this.#layers) {
      if (instruction === null) continue
      // Of a COPY, and of a script with an interpreter of its own, the history keeps too little to be exact.
      const isSure = instruction.keyword !== 'RUN' || instruction.heredocs.length > 0
      lines.set(instruction.startLine, confidence === 'exact' || isSure)
    }
    return lines.size === 0 ? null : lines
  }
}

/** @param lines null where it is not known of any layer what made it */
function isBuilt({keyword, startLine}: Instruction, lines: ReadonlyMap<number, boolean> | null): boolean | null {
  if (keyword !== 'RUN' && keyword !== 'COPY' && keyword !== 'ADD') return true
  return lines === null ? null : (lines.get(startLine) ?? false)
}
