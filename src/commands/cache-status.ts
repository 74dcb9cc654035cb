import * as Flags from '@oclif/core/flags'
import {PitonCommand} from '../cli/base.js'

export class CacheStatus extends PitonCommand {
  static override summary = 'Show where earlier scans are kept, and how much of them.'
  static override examples = ['<%= config.bin %> cache status', '<%= config.bin %> cache status -o json']
  static override flags = {
    output: Flags.string({char: 'o', options: ['table', 'json'], default: 'table', description: 'how to print it'}),
  }

  override async run(): Promise<void> {
    const {flags} = await this.read(CacheStatus)
    const [{cacheLimits, cacheStatus}, {layerCacheFolder}, {cacheJson, cacheText}, answers] = await Promise.all([
      import('../cache/index.js'),
      import('../cli/cache.js'),
      import('../cli/cache-text.js'),
      import('../cli/answers/kept.js'),
    ])
    const folder = layerCacheFolder()
    const kept = answers.answersStatus(answers.answersFolder())
    const print = flags.output === 'json' ? cacheJson : cacheText
    process.stdout.write(print(folder, cacheStatus(folder), cacheLimits.totalBytes, kept))
  }
}
