import {existsSync} from 'node:fs'
import {SourceError} from '../model/errors.js'
import {grouped} from '../model/text.js'
import {sarifLimits} from '../report/sarif-check/index.js'
import {FileSource} from '../source/file.js'

/**
 * Reads a SARIF file, as far as one is looked at.
 * @param path `-` for standard input
 * @throws {SourceError}
 */
export async function readSarifFile(path: string): Promise<Uint8Array> {
  if (path === '-') return readStream(process.stdin, 'standard input')
  if (!existsSync(path)) {
    throw new SourceError('SOURCE_NOT_FOUND', `${path} does not exist`, {
      hint: 'piton scan -o sarif=FILE writes such a file.',
    })
  }
  const source = new FileSource(path)
  try {
    if (source.sizeBytes > sarifLimits.fileBytes) throw tooLarge(path)
    return source.read(0, source.sizeBytes)
  } finally {
    source.close()
  }
}

async function readStream(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  for await (const chunk of stream) {
    sizeBytes += chunk.length
    if (sizeBytes > sarifLimits.fileBytes) throw tooLarge(name)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function tooLarge(name: string): SourceError {
  return new SourceError('SOURCE_UNREADABLE', `${name} has more than ${grouped(sarifLimits.fileBytes)} bytes`, {
    hint: 'GitHub takes 10 MB when compressed: leave out what matters least.',
  })
}
