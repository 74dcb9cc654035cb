import {expect, test} from 'vitest'
import {rulesMarkdown} from '../../src/report/rules-markdown.js'
import {rules} from '../../src/rules/index.js'

test('src/rules/README.md is what the rules say', async () => {
  await expect(rulesMarkdown(rules)).toMatchFileSnapshot('../../src/rules/README.md')
})
