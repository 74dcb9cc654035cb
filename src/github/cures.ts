/** What GitHub says of a file that it took and could not process, or of a request, and what to do about it. */
const cures: readonly (readonly [said: RegExp, cure: string])[] = [
  [
    /default setup is enabled|advanced configurations cannot be processed/i,
    'The file says that it is of CodeQL, and the repository has CodeQL’s default setup: switch that off (Settings, Advanced Security), or name the tool otherwise.',
  ],
  [
    /multiple runs with the same category/i,
    'Give each run an automationDetails.id of its own, or upload the runs one by one, each with --category.',
  ],
  [
    /invalid security severity|could not convert rules/i,
    'security-severity of a rule must be a number in a string, such as "7.5", or be left out.',
  ],
  [
    /did not match the checkout URI scheme/i,
    'Locations must be paths relative to the root of the repository, without image:, docker: or another scheme.',
  ],
  [/invalid URI/i, 'Locations must be paths relative to the root of the repository, percent-encoded.'],
  [
    /locationFromSarifResult|expected artifact location|at least one location/i,
    'Every result needs a location that names a file.',
  ],
  [/expected a result message/i, 'Every result needs message.text.'],
  [/more runs than allowed/i, 'GitHub takes 20 runs in a file: upload the rest apart, each with --category.'],
  [
    /unsuccessful execution/i,
    'The file says that its scan did not succeed (executionSuccessful: false): repair the scan first.',
  ],
  [
    /alert limit|too many logical alerts/i,
    'The repository has as many alerts as GitHub keeps: a commit or a temporary path in rule ids or paths makes new ones each time. GitHub Support can clear them.',
  ],
  [/commit not found/i, 'Push the commit first; if it was pushed a moment ago, try again.'],
  [/does not match \/\^refs/i, 'Name the ref in full: --ref refs/heads/BRANCH.'],
  [
    /not enabled for code scanning|(?:Advanced|Code) Security must be enabled|Code scanning is not enabled/i,
    'Switch Code Security on (Settings, Advanced Security): public repositories have it, private ones need a plan with it.',
  ],
  [/archived/i, 'An archived repository is read-only: unarchive it first.'],
  [
    /SAML|single sign-on/i,
    'Authorize the token for single sign-on of the organization (Settings, Developer settings).',
  ],
  [
    /IP allow list/i,
    'The organization lets nobody in from this address: run on a machine that is on its IP allow list.',
  ],
]

/** @returns null where GitHub says nothing that is known here */
export function cureFor(said: string): string | null {
  return cures.find(([pattern]) => pattern.test(said))?.[1] ?? null
}

/** Where GitHub says something new. */
export const noCure =
  'https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support says what GitHub takes.'
