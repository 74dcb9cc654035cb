import {expect, test} from 'vitest'
import {pinsOf} from '../../src/apk/pins.js'
import {packageOf} from '../support/facts.js'

test('a package is pinned by its own record, else by world', () => {
  const packages = [
    packageOf({name: 'gosu', repositoryTag: 'edge'}),
    packageOf({name: 'jq'}),
    packageOf({name: 'curl'}),
    packageOf({name: 'py3-x.y+z_1-a'}),
    packageOf({name: 'plain'}),
  ]
  const world = ['gosu@other', 'jq@testing', 'curl>=8.0@edge', 'py3-x.y+z_1-a=1.0-r0@v3.20', 'plain', '!bad@edge', '@x']
  expect([...pinsOf(packages, world)].map(([{name}, tag]) => `${name}@${tag}`)).toEqual([
    'gosu@edge',
    'jq@testing',
    'curl@edge',
    'py3-x.y+z_1-a@v3.20',
  ])
})
