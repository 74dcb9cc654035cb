import {UsageError} from '../model/errors.js'
import type {Image} from '../model/image.js'
import type {Warning} from '../model/warning.js'
import type {VexSettings} from '../policy/index.js'
import type {Judge} from '../policy/judge.js'

/** "Nothing said against it" must never mean "nobody could have said anything". */
export function refuseNoRegistry(image: Image, vex: VexSettings | null): void {
  if (vex?.fromRegistry !== true || image.attestations !== undefined) return
  throw new UsageError('USAGE', `--vex from-registry: ${image.reference} is not in a registry`, {
    hint: 'Name the image as registry:NAME, or give the VEX document as a file.',
  })
}

/**
 * Who says which vulnerabilities do not concern the image: statements of files, and of the image's registry where they were
 * asked for; all together, as the newest counts. It is asked anew in each scan, also of an image that is remembered.
 */
export async function vexJudgeFor(image: Image, {documents, fromRegistry}: VexSettings): Promise<Judge | null> {
  const stored = fromRegistry ? await image.attestations?.() : undefined
  if (stored === undefined && documents.length === 0) return null
  const {attestedDocuments, vexJudge} = await import('../policy/vex/index.js')
  if (stored === undefined) return vexJudge(documents)
  const attested = attestedDocuments(stored)
  const odd = [...stored.warnings, ...attested.warnings]
  const isSilent = attested.documents.every(({statements, problems}) => statements.length + problems.length === 0)
  const nothing: Warning = {
    code: 'VEX_REGISTRY_NONE',
    message: `the registry holds no VEX statements about ${image.name}`,
  }
  const judge = vexJudge([...documents, ...attested.documents])
  return (findings, context) => {
    const judgement = judge(findings, context)
    return {...judgement, warnings: [...odd, ...(isSilent ? [nothing] : []), ...judgement.warnings]}
  }
}
