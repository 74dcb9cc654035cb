import type {ApkPackage} from '../model/package.js'
import type {Location, SourceLine} from '../model/source-line.js'
import {type ApkCommands, apkCommandsOf} from './apk-command.js'
import type {Dockerfile, Instruction} from './instruction.js'
import {locationOfSpan, type Span, spanOfLine} from './location.js'
import type {LayerMap} from './map.js'
import {originLines, providersOf} from './origin-lines.js'

/** What is looked for: something in a layer, and the package that it belongs to where one does. */
export interface Sought {
  readonly layer: number | null
  readonly package: string | null
}

/** Finds the line for something in the image; null where there is no Dockerfile. */
export type Locate = (sought: Sought) => SourceLine | null

/**
 * Locates findings. Inside a RUN it is the one line that names the package, else the line whose package pulls it in,
 * else the line of the apk command, else the first: an annotation is shown only where all its lines changed. What a
 * layer's line is not certain of stands at the FROM of the base image.
 * @param packages all of the image: what depends on what
 */
export function locator(map: LayerMap, packages: readonly ApkPackage[]): Locate {
  const {dockerfile, base, layers} = map
  if (dockerfile === null || base.location === null) return () => null
  const from = base.location
  const providers = providersOf(packages)
  const lines = remembered((run: Instruction): RunLines => {
    const commands = apkCommandsOf(dockerfile, run)
    return {commands, origins: originLines(commands.added, providers)}
  })
  return ({layer, package: name}) => {
    const mapped = layer === null ? undefined : layers[layer]
    if (mapped === undefined) return {...from, confidence: 'unknown', copiedFrom: null}
    const {instruction, location, confidence, copiedFrom} = mapped
    const inside = instruction?.keyword === 'RUN' ? lineOf(dockerfile, instruction, lines(instruction), name) : null
    return {...(inside ?? location ?? from), confidence, copiedFrom}
  }
}

interface RunLines {
  readonly commands: ApkCommands
  readonly origins: ReadonlyMap<string, Span>
}

function lineOf(
  dockerfile: Dockerfile,
  {startLine}: Instruction,
  {commands, origins}: RunLines,
  name: string | null,
): Location {
  const span = name === null ? undefined : (origins.get(name) ?? commands.command)
  return locationOfSpan(dockerfile, span ?? spanOfLine(dockerfile, startLine))
}

function remembered<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>()
  return key => {
    const value = known.get(key) ?? compute(key)
    known.set(key, value)
    return value
  }
}
