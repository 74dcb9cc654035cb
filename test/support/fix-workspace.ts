import {mkdirSync, writeFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {dockerBuild} from './docker-build.js'
import {temporaryFolder} from './files.js'
import {earlier} from './fix-world.js'

export const dockerfile = [
  '# The shop.',
  'FROM alpine:3.19.0',
  '',
  'RUN apk add --no-cache \\',
  '      nginx \\',
  '      curl=8.5.0-r0',
  'COPY shop /usr/local/bin/shop',
  'USER app',
  '',
].join('\n')
export const fixed = dockerfile
  .replace('3.19.0\n', '3.19.9\nRUN apk add --no-cache --upgrade busybox libcrypto3 libssl3\n')
  .replace('8.5.0-r0', '8.9.1-r2')
export const image = dockerBuild(dockerfile, earlier).image

/** A working folder with the image and these files. */
export function workspace(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder()
  for (const [path, content] of Object.entries({'app.tar': image, ...files})) {
    mkdirSync(dirname(join(folder, path)), {recursive: true})
    writeFileSync(join(folder, path), content)
  }
  return folder
}
