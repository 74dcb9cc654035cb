import {PitonCommand} from '../cli/base.js'

export class CacheClean extends PitonCommand {
  static override summary = 'Throw away what earlier scans kept.'
  static override examples = ['<%= config.bin %> cache clean']

  override async run(): Promise<void> {
    await this.read(CacheClean)
    const [{cleanCache}, {layerCacheFolder}, {cleanedText}, {codeFolder, removeCode}, answers] = await Promise.all([
      import('../cache/index.js'),
      import('../cli/cache.js'),
      import('../cli/cache-text.js'),
      import('../cli/code-cache.js'),
      import('../cli/answers/kept.js'),
    ])
    const folder = layerCacheFolder()
    removeCode(codeFolder())
    answers.removeAnswers(answers.answersFolder())
    process.stdout.write(cleanedText(folder, cleanCache(folder)))
  }
}
