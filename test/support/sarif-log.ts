import type {Log, ReportingDescriptor, Result, Run} from 'sarif'

/** A result as GitHub wants one. */
export function resultOf(overrides: Partial<Result> = {}): Result {
  return {
    ruleId: 'PT1',
    ruleIndex: 0,
    level: 'error',
    kind: 'fail',
    message: {text: "Package 'a' has 'PT1'."},
    locations: [
      {
        physicalLocation: {
          artifactLocation: {uri: 'docker/Dockerfile', uriBaseId: 'SRCROOT'},
          region: {startLine: 3, startColumn: 1, endLine: 3, endColumn: 9},
        },
      },
    ],
    partialFingerprints: {primaryLocationLineHash: '39fa2ee980eb94b0:1'},
    ...overrides,
  }
}

/** A result at this place. */
export function resultAt(
  uri: unknown,
  region: unknown = {startLine: 1, startColumn: 1, endLine: 1, endColumn: 1},
): Result {
  return resultOf({locations: [{physicalLocation: {artifactLocation: {uri}, region}} as never]})
}

export function ruleOf(overrides: Partial<ReportingDescriptor> = {}): ReportingDescriptor {
  return {
    id: 'PT1',
    name: 'SomeRule',
    shortDescription: {text: 'Short.'},
    fullDescription: {text: 'Full.'},
    help: {text: 'Help.'},
    defaultConfiguration: {level: 'error'},
    properties: {tags: ['security'], precision: 'high', 'security-severity': '7.5'},
    ...overrides,
  }
}

export function runOf(overrides: Partial<Run> = {}): Run {
  return {
    tool: {driver: {name: 'piton', version: '1.0.0', rules: [ruleOf()]}},
    automationDetails: {id: 'piton/web/linux-amd64/'},
    originalUriBaseIds: {SRCROOT: {description: {text: 'The root of the repository.'}}},
    invocations: [{executionSuccessful: true}],
    results: [resultOf()],
    ...overrides,
  }
}

/** A SARIF log that GitHub takes as it is. */
export function logOf(...runs: readonly Run[]): Log {
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: runs.length === 0 ? [runOf()] : [...runs],
  }
}

export function bytesOf(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}
