import * as Args from '@oclif/core/args'
import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'
import {exitCodes} from '../cli/errors.js'
import {placementFlags} from '../cli/placement-flags.js'
import {outputFlag, targetFlags, targetOptions} from '../cli/target-flags.js'

export class Why extends PitonCommand {
  static override summary = 'Say who needs a package, file or library, and who brought it.'
  static override description =
    'The world file, the shortest chain of dependencies, the programs that link it, the layer and the line of the Dockerfile that brought it in, and whether what the image starts loads it. NAME is a package, a soname, a path or the name of a file. Exit code 0: it is there; 2: it is not, or piton could not do what it was asked.'
  static override examples = [
    '<%= config.bin %> why libcrypto3 --image alpine:3.20',
    '<%= config.bin %> why /usr/bin/curl --image app.tar',
    '<%= config.bin %> why libz.so.1 --image app.tar -o json',
  ]
  static override args = {
    name: Args.string({required: true, ignoreStdin: true, description: 'package, soname, path or name of a file'}),
  }
  static override flags = {
    image: Flags.string({required: true, description: 'a target, as of piton scan', helpValue: 'TARGET'}),
    ...targetFlags,
    dockerfile: placementFlags.dockerfile,
    target: placementFlags.target,
    output: outputFlag('FORMAT[=FILE], repeatable: table (default), json'),
    db: Flags.string({description: 'another advisory database', helpValue: 'DIR'}),
  }

  override async run(): Promise<void> {
    const {args, flags} = await this.read(Why)
    const {runWhy} = await import('../cli/why.js')
    const code = await runWhy(args.name, flags.image, {
      ...targetOptions(flags),
      database: flags.db,
      root: this.config.root,
      placement: {dockerfile: flags.dockerfile, stage: flags.target},
    })
    if (code !== exitCodes.done) process.exitCode = code
  }
}
