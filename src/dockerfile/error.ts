import {PitonError} from '../model/errors.js'

/** A Dockerfile that no builder would take, or that asks for more than piton gives. The message names file and line. */
export class DockerfileError extends PitonError<
  | 'DOCKERFILE_EMPTY'
  | 'DOCKERFILE_BAD_DIRECTIVE'
  | 'DOCKERFILE_BAD_INSTRUCTION'
  | 'DOCKERFILE_UNTERMINATED'
  | 'DOCKERFILE_NO_STAGE'
  | 'DOCKERFILE_NO_TARGET'
  | 'DOCKERFILE_FOREIGN'
  | 'DOCKERFILE_NOT_FOUND'
  | 'DOCKERFILE_UNWRITABLE'
  | 'DOCKERFILE_UNREADABLE'
  | 'DOCKERFILE_LIMIT'
> {}
