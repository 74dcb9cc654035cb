import {shorten} from '../model/text.js'
import {DockerfileError} from './error.js'
import type {Dockerfile, Instruction} from './instruction.js'
import {Scope, type Values} from './scope.js'

/** One FROM and what follows it. */
interface Stage {
  readonly from: Instruction
  /** What it starts from, variables replaced; null where one of them is not known. */
  readonly image: string | null
  /** The earlier stage of that name; null where it is an image. */
  readonly parent: Stage | null
  /** `AS name`, in lower case; null where it has none. */
  readonly name: string | null
  readonly instructions: Instruction[]
}

/** What one image is made of: the instructions of its stage, after those of the stages that it builds on. */
export interface Chain {
  /** The FROM that names the base image. */
  readonly from: Instruction
  /** null where its ARG has no default; `scratch` is the empty image. */
  readonly image: string | null
  readonly instructions: readonly Instruction[]
  /** The ARGs before the first FROM, and those of the platform. */
  readonly globals: Values
}

/**
 * The instructions behind one target.
 * @param target name or number of a stage; null for the last one
 * @param predefined values of ARGs that builders set, see {@link platformValues}
 * @throws {DockerfileError} DOCKERFILE_NO_STAGE, DOCKERFILE_NO_TARGET
 */
export function chainOf(dockerfile: Dockerfile, target: string | null, predefined: Values): Chain {
  const {stages, globals} = stagesOf(dockerfile, predefined)
  const parts: Instruction[][] = []
  let stage = targetOf(stages, target, dockerfile.file)
  for (;;) {
    const {parent, from, image, instructions} = stage
    parts.push([...triggersOf(parent), ...instructions])
    if (parent === null) return {from, image, instructions: parts.reverse().flat(), globals}
    stage = parent
  }
}

function stagesOf(dockerfile: Dockerfile, predefined: Values): {stages: Stage[]; globals: Values} {
  const scope = new Scope(dockerfile, new Map(), predefined)
  const stages: Stage[] = []
  const byName = new Map<string, Stage>()
  for (const instruction of dockerfile.instructions) {
    const stage = stages.at(-1)
    if (instruction.keyword === 'FROM') {
      const next = stageOf(instruction, scope, byName)
      stages.push(next)
      if (next.name !== null) byName.set(next.name, next)
    } else if (stage !== undefined) stage.instructions.push(instruction)
    else if (instruction.keyword === 'ARG') scope.declare(instruction)
    else throw noStage(dockerfile, instruction)
  }
  if (stages.length === 0) throw noStage(dockerfile, null)
  return {stages, globals: new Map([...predefined, ...scope.args])}
}

function stageOf(from: Instruction, scope: Scope, earlier: ReadonlyMap<string, Stage>): Stage {
  const [reference = '', as, name] = from.text.split(/\s+/)
  const {text, complete} = scope.expand(reference)
  return {
    from,
    image: complete && text !== '' ? text : null,
    parent: earlier.get(text.toLowerCase()) ?? null,
    name: as?.toLowerCase() === 'as' && name !== undefined ? name.toLowerCase() : null,
    instructions: [],
  }
}

function targetOf(stages: readonly Stage[], target: string | null, file: string): Stage {
  const stage =
    target === null
      ? stages.at(-1)
      : (stages.findLast(({name}) => name === target.toLowerCase()) ??
        (/^\d+$/.test(target) ? stages[Number(target)] : undefined))
  if (stage !== undefined) return stage
  const names = stages.flatMap(({name}) => name ?? [])
  throw new DockerfileError('DOCKERFILE_NO_TARGET', `${file} has no stage "${shorten(target ?? '', 100)}"`, {
    hint: names.length === 0 ? 'Its stages have no names.' : `It has ${shorten(names.join(', '), 200)}.`,
  })
}

/** What ONBUILD of a stage runs in the stage that starts from it, and only there. */
function triggersOf(stage: Stage | null): Instruction[] {
  return (stage?.instructions ?? []).flatMap(({trigger}) => trigger ?? [])
}

function noStage({file}: Dockerfile, instruction: Instruction | null): DockerfileError {
  const where = instruction === null ? file : `${file}, line ${instruction.startLine}`
  const what = instruction === null ? 'no FROM in it' : `${instruction.keyword} before the first FROM`
  return new DockerfileError('DOCKERFILE_NO_STAGE', `${where}: ${what}`)
}
