import {fileURLToPath} from 'node:url'

/** What ships with piton. */
export const dataFolder = fileURLToPath(new URL('../../data', import.meta.url))
