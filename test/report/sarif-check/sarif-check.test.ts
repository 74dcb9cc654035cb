import {gunzipSync} from 'node:zlib'
import fc from 'fast-check'
import type {Log} from 'sarif'
import {describe, expect, test} from 'vitest'
import {checkSarif} from '../../../src/report/sarif-check/index.js'
import {bytesOf, logOf, resultAt, resultOf, ruleOf, runOf} from '../../support/sarif-log.js'

/** `error SARIF_X runs[0]: message` for each problem. */
async function problemsOf(value: unknown): Promise<string[]> {
  const bytes = value instanceof Uint8Array ? value : bytesOf(value)
  const {problems} = await checkSarif(bytes)
  return problems.map(({level, code, path, message}) => `${level} ${code} ${path}: ${message}`)
}

test('a log that GitHub takes has no problem, and is compressed as it is', async () => {
  const bytes = bytesOf(logOf())
  const {problems, errors, runs, hasFileURIs, gzip} = await checkSarif(bytes)
  expect([problems, errors, hasFileURIs]).toEqual([[], 0, false])
  expect(runs).toEqual([
    {tool: 'piton', category: 'piton/web/linux-amd64', results: 1, rules: 1, complete: true, startTime: null},
  ])
  expect(gunzipSync(gzip)).toEqual(bytes)
})

test('a byte order mark is not sent', async () => {
  const {errors, gzip} = await checkSarif(Buffer.concat([Buffer.from('\ufeff'), bytesOf(logOf())]))
  expect(errors).toBe(0)
  expect(gunzipSync(gzip)).toEqual(bytesOf(logOf()))
})

const text1025 = 'x'.repeat(1025)
const tags = (number: number) => Array.from({length: number}, (_, n) => `tag${n}`)
const ofRule = (overrides: object) =>
  logOf(runOf({tool: {driver: {name: 'piton', rules: [ruleOf(overrides)]}}} as never))
const withSeverity = (severity: unknown) => ofRule({properties: {'security-severity': severity}})
const ofResult = (overrides: object) => logOf(runOf({results: [resultOf(overrides)]}))
const at = (uri: unknown) => logOf(runOf({results: [resultAt(uri)]}))
const over = (region: unknown) => logOf(runOf({results: [resultAt('a', region)]}))
const many = (number: number, make: (n: number) => unknown): never[] =>
  Array.from({length: number}, (_, n) => make(n)) as never[]
const without = (value: object, name: string) =>
  Object.fromEntries(Object.entries(value).filter(([key]) => key !== name))
const uriPath = 'runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri'
const regionPath = 'runs[0].results[0].locations[0].physicalLocation.region'
const hashPath = 'partialFingerprints.primaryLocationLineHash'
const steps = (number: number) => [{threadFlows: [{locations: many(number, () => ({location: {}}))}]}]

const cases: Record<string, [name: string, log: unknown, problems: string[]][]> = {
  'the file': [
    ['nothing', Buffer.alloc(0), ['error SARIF_NOT_JSON : is empty']],
    ['words', Buffer.from('not json'), ['error SARIF_NOT_JSON : is not JSON']],
    ['half a file', bytesOf(logOf()).subarray(0, 200), ['error SARIF_NOT_JSON : is not JSON']],
    [
      'UTF-16',
      Buffer.from(`\ufeff${JSON.stringify(logOf())}`, 'utf16le'),
      ['error SARIF_NOT_UTF8 : is not UTF-8: it is UTF-16'],
    ],
    ['Latin-1', Buffer.from('{"version": "\xe9"}', 'latin1'), ['error SARIF_NOT_UTF8 : is not UTF-8']],
    [
      'nested 100,000 deep',
      Buffer.from('['.repeat(100_000)),
      ['error SARIF_TOO_DEEP : is nested more than 64 levels deep'],
    ],
    ['an array', [], ['error SARIF_NOT_SARIF : is JSON, but not SARIF']],
    ['null', null, ['error SARIF_NOT_SARIF']],
    ['another document', {bomFormat: 'CycloneDX'}, ['error SARIF_NOT_SARIF']],
    ['another version', {...logOf(), version: '2.0.0'}, ["error SARIF_VERSION version: is '2.0.0'"]],
    ['a version that is no text', {...logOf(), version: 2.1}, ['error SARIF_VERSION version: is 2.1']],
    ['no version', without(logOf(), 'version'), ['error SARIF_VERSION version: there is none']],
    ['no $schema', without(logOf(), '$schema'), ['error SARIF_SCHEMA $schema: there is none']],
    [
      'the schema of another version',
      {...logOf(), $schema: 'http://json.schemastore.org/sarif-1.0.0'},
      ['error SARIF_SCHEMA $schema'],
    ],
    [
      'the schema of OASIS',
      {
        ...logOf(),
        $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      },
      [],
    ],
    [
      'the schema of a draft',
      {...logOf(), $schema: 'https://json.schemastore.org/sarif-2.1.0-rtm.4.json'},
      ['warning SARIF_SCHEMA $schema'],
    ],
    ['no runs', without(logOf(), 'runs'), ['error SARIF_MISSING runs']],
    ['empty runs', {...logOf(), runs: []}, ['error SARIF_MISSING runs']],
    ['runs that are an object', {...logOf(), runs: {}}, ['error SARIF_MISSING runs']],
    [
      '21 runs',
      logOf(...many(21, n => runOf({automationDetails: {id: `${n}/`}, results: []}))),
      ['error SARIF_TOO_MANY_RUNS runs: there are 21; GitHub rejects more than 20'],
    ],
    ['20 runs', logOf(...many(20, n => runOf({automationDetails: {id: `${n}/`}, results: []}))), []],
  ],
  'a run': [
    ['null', {...logOf(), runs: [null]}, ['error SARIF_WRONG_TYPE runs[0]: is null where a run belongs']],
    [
      'no tool',
      logOf(without(runOf({results: []}), 'tool') as never),
      ['error SARIF_MISSING runs[0].tool.driver.name', 'error SARIF_MISSING runs[0].tool.driver.rules'],
    ],
    [
      'no rules',
      logOf(runOf({tool: {driver: {name: 'x'}}, results: []})),
      ['error SARIF_MISSING runs[0].tool.driver.rules'],
    ],
    [
      'no results',
      logOf(without(runOf(), 'results') as never),
      ['error SARIF_MISSING runs[0].results: there are none; a run that found nothing has an empty array'],
    ],
    ['null results', logOf(runOf({results: null as never})), ['error SARIF_MISSING runs[0].results']],
    ['empty results', logOf(runOf({results: []})), []],
    [
      '25,001 rules',
      logOf(runOf({tool: {driver: {name: 'x', rules: many(25_001, n => ruleOf({id: `${n}`}))}}, results: []})),
      ['error SARIF_TOO_MANY_RULES runs[0].tool.driver.rules: there are 25,001'],
    ],
    [
      '25,001 results',
      logOf(runOf({results: many(25_001, n => resultOf({partialFingerprints: {primaryLocationLineHash: `${n}`}}))})),
      ['error SARIF_TOO_MANY_RESULTS runs[0].results: there are 25,001'],
    ],
    [
      '5,001 results',
      logOf(runOf({results: many(5_001, n => resultOf({partialFingerprints: {primaryLocationLineHash: `${n}`}}))})),
      ['warning SARIF_TOO_MANY_RESULTS runs[0].results: there are 5,001; GitHub keeps 5,000'],
    ],
    [
      '101 extensions',
      logOf(runOf({tool: {driver: {name: 'x', rules: [ruleOf()]}, extensions: many(101, n => ({name: `${n}`}))}})),
      ['error SARIF_TOO_MANY_EXTENSIONS runs[0].tool.extensions'],
    ],
    [
      'a bad rule in an extension',
      logOf(
        runOf({
          tool: {
            driver: {name: 'x', rules: [ruleOf()]},
            extensions: [{name: 'y', rules: [ruleOf({properties: {'security-severity': 'High'}})]}],
          },
        }),
      ),
      ["error SARIF_BAD_SEVERITY runs[0].tool.extensions[0].rules[0].properties['security-severity']"],
    ],
    [
      'a scan that failed',
      logOf(runOf({invocations: [{executionSuccessful: false}]})),
      ['warning SARIF_NOT_SUCCESSFUL runs[0].invocations[0].executionSuccessful'],
    ],
    [
      'details without an id',
      logOf(runOf({automationDetails: {}})),
      ['warning SARIF_NO_CATEGORY runs[0].automationDetails.id'],
    ],
    [
      'an id that is no text',
      logOf(runOf({automationDetails: {id: 1}} as never)),
      ['error SARIF_WRONG_TYPE runs[0].automationDetails.id: is 1'],
    ],
  ],
  'runs beside each other': [
    [
      'the same category',
      logOf(runOf(), runOf()),
      [
        "error SARIF_EQUAL_CATEGORY runs[1].automationDetails.id: the run has the tool of runs[0] and the category 'piton/web/linux-amd64'",
      ],
    ],
    [
      'the same category, other run ids',
      logOf(runOf({automationDetails: {id: 'a/1'}}), runOf({automationDetails: {id: 'a/2'}})),
      ['error SARIF_EQUAL_CATEGORY runs[1]'],
    ],
    [
      'no category',
      logOf(runOf({automationDetails: {id: 'a'}}), runOf({automationDetails: {id: 'b'}})),
      ['error SARIF_EQUAL_CATEGORY runs[1].automationDetails.id: the run has the tool of runs[0] and no category'],
    ],
    [
      'the same category, another version of the tool',
      logOf(runOf(), runOf({tool: {driver: {name: 'piton', version: '2', rules: [ruleOf()]}}})),
      ['warning SARIF_EQUAL_CATEGORY runs[1]'],
    ],
    ['another tool', logOf(runOf(), runOf({tool: {driver: {name: 'other', rules: [ruleOf()]}}})), []],
    ['another category', logOf(runOf(), runOf({automationDetails: {id: 'piton/web/linux-arm64/'}})), []],
  ],
  'a rule': [
    [
      'null',
      logOf(runOf({tool: {driver: {name: 'x', rules: [null as never]}}, results: []})),
      ['error SARIF_WRONG_TYPE runs[0].tool.driver.rules[0]'],
    ],
    [
      'without an id',
      logOf(runOf({tool: {driver: {name: 'x', rules: [without(ruleOf(), 'id') as never]}}, results: []})),
      ['error SARIF_MISSING runs[0].tool.driver.rules[0].id'],
    ],
    [
      'with the id of another',
      logOf(runOf({tool: {driver: {name: 'x', rules: [ruleOf(), ruleOf()]}}})),
      ["warning SARIF_TWIN_RULE runs[0].tool.driver.rules[1].id: 'PT1' is also the id of runs[0].tool.driver.rules[0]"],
    ],
    [
      'without a short description',
      ofRule({shortDescription: undefined}),
      ['error SARIF_MISSING runs[0].tool.driver.rules[0].shortDescription.text'],
    ],
    [
      'with an empty full description',
      ofRule({fullDescription: {text: ''}}),
      ['error SARIF_MISSING runs[0].tool.driver.rules[0].fullDescription.text'],
    ],
    [
      'with help in Markdown only',
      ofRule({help: {markdown: 'x'}}),
      ['error SARIF_MISSING runs[0].tool.driver.rules[0].help.text'],
    ],
    [
      'with a short description of 1,025 characters',
      ofRule({shortDescription: {text: text1025}}),
      ['error SARIF_LONG_DESCRIPTION runs[0].tool.driver.rules[0].shortDescription.text: has 1,025 characters'],
    ],
    [
      'with a full description of 1,025 characters',
      ofRule({fullDescription: {text: text1025}}),
      ['error SARIF_LONG_DESCRIPTION runs[0].tool.driver.rules[0].fullDescription.text'],
    ],
    ['with help of 1,025 characters', ofRule({help: {text: text1025}}), []],
    [
      'with a name of 256 characters',
      ofRule({name: 'x'.repeat(256)}),
      ['error SARIF_LONG_NAME runs[0].tool.driver.rules[0].name'],
    ],
    [
      'with 21 tags',
      ofRule({properties: {tags: tags(21)}}),
      [
        'error SARIF_TOO_MANY_TAGS runs[0].tool.driver.rules[0].properties.tags: there are 21; GitHub rejects more than 20',
      ],
    ],
    [
      'with 11 tags',
      ofRule({properties: {tags: tags(11)}}),
      [
        'warning SARIF_TOO_MANY_TAGS runs[0].tool.driver.rules[0].properties.tags: there are 11; GitHub shows the first 10',
      ],
    ],
    ['with 10 tags', ofRule({properties: {tags: tags(10)}}), []],
    [
      'with a tag that is no text',
      ofRule({properties: {tags: [1]}}),
      ['error SARIF_WRONG_TYPE runs[0].tool.driver.rules[0].properties.tags'],
    ],
    [
      'with another level',
      ofRule({defaultConfiguration: {level: 'high'}}),
      [
        "error SARIF_BAD_LEVEL runs[0].tool.driver.rules[0].defaultConfiguration.level: is 'high', not error, warning, note, none",
      ],
    ],
    [
      'with another precision',
      ofRule({properties: {precision: 'exact'}}),
      ['warning SARIF_UNKNOWN_VALUE runs[0].tool.driver.rules[0].properties.precision'],
    ],
    [
      'with another problem severity',
      ofRule({properties: {'problem.severity': 'note'}}),
      ["warning SARIF_UNKNOWN_VALUE runs[0].tool.driver.rules[0].properties['problem.severity']"],
    ],
    [
      'with properties that are an array',
      ofRule({properties: []}),
      ['error SARIF_WRONG_TYPE runs[0].tool.driver.rules[0].properties'],
    ],
  ],
  'a severity': [
    ...['Medium', 'null', 'undefined', '', 'NaN', '7.5 ', '0x7', '1e1', '7,5'].map(
      (value): [string, unknown, string[]] => [
        JSON.stringify(value),
        withSeverity(value),
        [
          `error SARIF_BAD_SEVERITY runs[0].tool.driver.rules[0].properties['security-severity']: is '${value}'; GitHub rejects the whole file`,
        ],
      ],
    ),
    [
      'null',
      withSeverity(null),
      ["error SARIF_BAD_SEVERITY runs[0].tool.driver.rules[0].properties['security-severity']: is null;"],
    ],
    [
      'a number',
      withSeverity(7.5),
      ["error SARIF_BAD_SEVERITY runs[0].tool.driver.rules[0].properties['security-severity']: is the number 7.5;"],
    ],
    [
      'an object',
      withSeverity({}),
      ["error SARIF_BAD_SEVERITY runs[0].tool.driver.rules[0].properties['security-severity']: is an object;"],
    ],
    ...['0', '0.0', '-1', '10.1', '100'].map((value): [string, unknown, string[]] => [
      JSON.stringify(value),
      withSeverity(value),
      [`warning SARIF_SEVERITY_RANGE runs[0].tool.driver.rules[0].properties['security-severity']: is '${value}'`],
    ]),
    ...['0.1', '10', '10.0', '9.8', '7'].map((value): [string, unknown, string[]] => [
      JSON.stringify(value),
      withSeverity(value),
      [],
    ]),
  ],
  'a result': [
    ['null', logOf(runOf({results: [null as never]})), ['error SARIF_WRONG_TYPE runs[0].results[0]']],
    ['without a message', ofResult({message: undefined}), ['error SARIF_MISSING runs[0].results[0].message.text']],
    [
      'with a message by its id',
      ofResult({message: {id: 'default'}}),
      ['error SARIF_MISSING runs[0].results[0].message.text'],
    ],
    ['with another level', ofResult({level: 'critical'}), ['error SARIF_BAD_LEVEL runs[0].results[0].level']],
    [
      'without a rule',
      ofResult({ruleId: undefined, ruleIndex: undefined}),
      ['warning SARIF_NO_RULE runs[0].results[0]: belongs to no rule'],
    ],
    [
      'with an index beyond the rules',
      ofResult({ruleIndex: 1}),
      ['error SARIF_BAD_RULE_INDEX runs[0].results[0].ruleIndex: is 1; there are 1 rules'],
    ],
    ['with an index below them', ofResult({ruleIndex: -2}), ['error SARIF_BAD_RULE_INDEX']],
    [
      'with the index of another rule',
      ofResult({ruleId: 'PT2'}),
      ["error SARIF_BAD_RULE_INDEX runs[0].results[0].ruleIndex: leads to the rule 'PT1', not 'PT2'"],
    ],
    ['with a part of a rule', ofResult({ruleId: 'PT1/deep'}), []],
    ['with an id only', ofResult({ruleIndex: undefined}), []],
    ['with a reference', ofResult({ruleId: undefined, ruleIndex: undefined, rule: {id: 'PT1', index: 0}}), []],
    [
      'with the rule of an extension',
      ofResult({ruleId: 'Y', ruleIndex: undefined, rule: {index: 7, toolComponent: {index: 0}}}),
      [],
    ],
    ['that passed', ofResult({kind: 'pass'}), ["warning SARIF_NOT_A_FAILURE runs[0].results[0].kind: is 'pass'"]],
    ['that is gone', ofResult({baselineState: 'absent'}), ['warning SARIF_ABSENT runs[0].results[0].baselineState']],
    [
      'that is suppressed',
      ofResult({suppressions: [{kind: 'external'}]}),
      ['warning SARIF_SUPPRESSED runs[0].results[0].suppressions'],
    ],
    ['whose suppression was rejected', ofResult({suppressions: [{kind: 'external', status: 'rejected'}]}), []],
    ['without locations', ofResult({locations: undefined}), ['error SARIF_NO_LOCATION runs[0].results[0].locations']],
    ['with empty locations', ofResult({locations: []}), ['error SARIF_NO_LOCATION']],
    [
      'with a logical location only',
      ofResult({locations: [{logicalLocations: [{name: 'x'}]}]}),
      ['error SARIF_NO_URI', 'error SARIF_NO_REGION'],
    ],
    [
      'with 1,001 locations',
      ofResult({locations: many(1_001, () => resultOf().locations?.[0])}),
      ['error SARIF_TOO_MANY_LOCATIONS runs[0].results[0].locations: there are 1,001'],
    ],
    [
      'with 101 locations',
      ofResult({locations: many(101, () => resultOf().locations?.[0])}),
      ['warning SARIF_TOO_MANY_LOCATIONS'],
    ],
    [
      'with 10,001 steps',
      ofResult({codeFlows: steps(10_001)}),
      ['error SARIF_TOO_MANY_STEPS runs[0].results[0].codeFlows: have 10,001'],
    ],
    [
      'with 10,001 steps in all',
      ofResult({codeFlows: [...steps(6_000), ...steps(4_001)]}),
      ['error SARIF_TOO_MANY_STEPS'],
    ],
    ['with 1,001 steps', ofResult({codeFlows: steps(1_001)}), ['warning SARIF_TOO_MANY_STEPS']],
    [
      'with a bad place in a step',
      ofResult({
        codeFlows: [
          {threadFlows: [{locations: [{location: {physicalLocation: {artifactLocation: {uri: 'image://x'}}}}]}]},
        ],
      }),
      [
        'error SARIF_URI_SCHEME runs[0].results[0].codeFlows[0].threadFlows[0].locations[0].location.physicalLocation.artifactLocation.uri',
      ],
    ],
    [
      'with a bad place beside its own',
      ofResult({relatedLocations: [{id: 1, physicalLocation: {artifactLocation: {uri: ''}}}]}),
      ['error SARIF_NO_URI runs[0].results[0].relatedLocations[0].physicalLocation.artifactLocation.uri'],
    ],
    ['with words beside its own place', ofResult({relatedLocations: [{message: {text: 'x'}}]}), []],
    [
      'without fingerprints',
      ofResult({partialFingerprints: undefined}),
      [`warning SARIF_NO_FINGERPRINT runs[0].results[0].${hashPath}`],
    ],
    ['with other fingerprints', ofResult({partialFingerprints: {x: 'y'}}), ['warning SARIF_NO_FINGERPRINT']],
    [
      'with a number for a fingerprint',
      ofResult({partialFingerprints: {primaryLocationLineHash: 7}}),
      ['error SARIF_WRONG_TYPE'],
    ],
    [
      'with the fingerprint of another',
      logOf(runOf({results: [resultOf(), resultAt('b'), resultOf({message: {text: 'x'}})]})),
      [
        `warning SARIF_TWIN_FINGERPRINT runs[0].results[2].${hashPath}: rule, file and '39fa2ee980eb94b0:1' are those of runs[0].results[0] too`,
      ],
    ],
    ['with the fingerprint of another, in another file', logOf(runOf({results: [resultOf(), resultAt('b')]})), []],
  ],
  'a place': [
    ...['', undefined, null].map((uri): [string, unknown, string[]] => [
      String(JSON.stringify(uri)),
      at(uri),
      [`error SARIF_NO_URI ${uriPath}`],
    ]),
    ['7', at(7), [`error SARIF_WRONG_TYPE ${uriPath}: is 7`]],
    ...(
      [
        ['image://web', 'SARIF_URI_SCHEME', "'image://web' begins with 'image:'"],
        ['docker:alpine', 'SARIF_URI_SCHEME', "'docker:alpine' begins with 'docker:'"],
        ['git::https://x/y', 'SARIF_URI_SCHEME', ''],
        ['https://example.com/x', 'SARIF_URI_SCHEME', ''],
        ['C:/src/a.c', 'SARIF_URI_SCHEME', "'C:/src/a.c' begins with 'C:'"],
        ['/etc/passwd', 'SARIF_ABSOLUTE_URI', "'/etc/passwd' is absolute"],
        ['//host/x', 'SARIF_ABSOLUTE_URI', ''],
        ['1:2/x', 'SARIF_URI_COLON', "'1:2/x' has a colon in its first part"],
        ['src\\a.c', 'SARIF_BAD_URI', "'src\\a.c' has backslashes"],
        ['a b.c', 'SARIF_BAD_URI', "'a b.c' has a space that must be percent-encoded"],
        ['naïve.c', 'SARIF_BAD_URI', "'naïve.c' has characters"],
        ['a%2.c', 'SARIF_BAD_URI', ''],
        ['a<b>', 'SARIF_BAD_URI', ''],
        ['a/\u001b[2J', 'SARIF_BAD_URI', "'a/\\u{1b}[2J'"],
        ['../x', 'SARIF_URI_PARENT', "'../x' leads out"],
        ['a/../../x', 'SARIF_URI_PARENT', ''],
        ['a/..', 'SARIF_URI_PARENT', ''],
        ['x'.repeat(20_000), 'SARIF_BAD_URI', 'has 20,000 characters'],
      ] as const
    ).map(([uri, code, words]): [string, unknown, string[]] => [
      uri.slice(0, 40),
      at(uri),
      [`error ${code} ${uriPath}: ${words}`],
    ]),
    ['a//b', at('a//b'), [`warning SARIF_URI_EMPTY_PART ${uriPath}`]],
    ['c#/a.cs', at('c#/a.cs'), [`warning SARIF_URI_QUERY ${uriPath}`]],
    [
      'file:///src/a.c',
      at('file:///src/a.c'),
      [`warning SARIF_FILE_URI ${uriPath}: 'file:///src/a.c' is a path of the machine`],
    ],
    ...['Dockerfile', 'a%20b.c', 'a/b:c', './1:2', 'a..b/..c', 'C%23/x.cs', '.github/a.yml', 'piton/web.apkdb'].map(
      (uri): [string, unknown, string[]] => [uri, at(uri), []],
    ),
  ],
  'a region': [
    ['none', over(null), [`error SARIF_NO_REGION ${regionPath}`]],
    ['of bytes', over({byteOffset: 7, byteLength: 1}), [`error SARIF_NO_REGION ${regionPath}.startLine`]],
    [
      'of a line',
      over({startLine: 7}),
      [`warning SARIF_PARTIAL_REGION ${regionPath}: has no startColumn, endLine, endColumn`],
    ],
    [
      'from line 0',
      over({startLine: 0, startColumn: 1, endLine: 1, endColumn: 1}),
      [`error SARIF_BAD_REGION ${regionPath}.startLine: is 0`],
    ],
    [
      'from line "1"',
      over({startLine: '1', startColumn: 1, endLine: 1, endColumn: 1}),
      [`error SARIF_BAD_REGION ${regionPath}.startLine: is '1'`],
    ],
    ['from line 1.5', over({startLine: 1.5, startColumn: 1, endLine: 1, endColumn: 1}), ['error SARIF_BAD_REGION']],
    [
      'to an earlier line',
      over({startLine: 3, startColumn: 1, endLine: 2, endColumn: 1}),
      [`error SARIF_BAD_REGION ${regionPath}: ends before it starts`],
    ],
    [
      'to an earlier column',
      over({startLine: 3, startColumn: 5, endLine: 3, endColumn: 4}),
      ['error SARIF_BAD_REGION'],
    ],
    ['of nothing between two characters', over({startLine: 3, startColumn: 5, endLine: 3, endColumn: 5}), []],
  ],
}

for (const [subject, rows] of Object.entries(cases)) {
  describe(subject, () => {
    for (const [name, log, expected] of rows) {
      test(name, async () => {
        const found = await problemsOf(log)
        // The beginning is enough: words may be improved.
        expect(found.map((text, index) => text.slice(0, expected[index]?.length))).toEqual(expected)
      })
    }
  })
}

test('problems of one kind are counted after the tenth, and hide no other', async () => {
  const bad = many(40, n => resultOf({locations: [], partialFingerprints: {primaryLocationLineHash: `${n}`}}))
  const {problems, errors} = await checkSarif(
    bytesOf(logOf(runOf({results: bad, invocations: [{executionSuccessful: false}]}))),
  )
  expect(errors).toBe(40)
  expect(problems.map(({code}) => code)).toEqual([...Array(10).fill('SARIF_NO_LOCATION'), 'SARIF_NOT_SUCCESSFUL'])
  expect(problems[9]?.message).toMatch(/ \(and 30 more like it\)$/)
})

test('names of the file are no commands to the terminal', async () => {
  const evil = '\u001b]8;;http://evil.example\u0007\u202e'
  const log = logOf(
    runOf({
      tool: {
        driver: {name: evil, rules: [ruleOf({id: evil, properties: {'security-severity': evil}}), ruleOf({id: evil})]},
      },
      automationDetails: {id: `${evil}/`},
      results: [resultAt(evil), resultOf({ruleId: evil, level: evil as never})],
    }),
  )
  const found = await problemsOf({...log, runs: [...log.runs, ...log.runs], $schema: evil})
  expect(found.length).toBeGreaterThan(5)
  expect(found.join('\n')).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u)
})

const anyJSON = fc.jsonValue({maxDepth: 5})
/** Logs whose every part may be anything. */
const anyLog = fc.record(
  {
    version: fc.constantFrom<unknown>('2.1.0', 2, null),
    $schema: anyJSON,
    runs: fc.array(
      fc.oneof(
        anyJSON,
        fc.record({
          tool: fc.oneof(
            anyJSON,
            fc.record({
              driver: fc.record({name: anyJSON, rules: fc.oneof(anyJSON, fc.array(anyJSON))}),
              extensions: anyJSON,
            }),
          ),
          automationDetails: anyJSON,
          invocations: fc.oneof(anyJSON, fc.array(anyJSON)),
          results: fc.array(
            fc.oneof(
              anyJSON,
              fc.record({locations: fc.array(anyJSON), codeFlows: fc.array(anyJSON), rule: anyJSON, message: anyJSON}),
            ),
          ),
        }),
      ),
    ),
  },
  {requiredKeys: []},
)

test('whatever the bytes are, problems are all that comes of them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array(), anyLog.map(bytesOf)), async bytes => {
      const {problems, errors} = await checkSarif(bytes)
      expect(errors).toBeGreaterThanOrEqual(problems.filter(({level}) => level === 'error').length)
    }),
    {numRuns: 50},
  )
})

test('a log is checked as it is read: prototypes are names like any other', async () => {
  const log: Log = JSON.parse(JSON.stringify(logOf()).replace('"name":"piton"', '"__proto__":{"name":"x"}'))
  expect(await problemsOf(log)).toEqual([expect.stringContaining('SARIF_MISSING runs[0].tool.driver.name')])
})
