import {projectURL} from '../model/project.js'

const schema = `${projectURL.replace('//github.com/', '//raw.githubusercontent.com/')}/main/data/config.schema.json`

/** For editors: what may stand in the file. */
export const schemaLine = `# yaml-language-server: $schema=${schema}`

/**
 * What `piton config init` writes: every part of a configuration, most of it commented out. A line that begins with `#`
 * and a letter, or with `#  `, is a setting; words for people have a blank behind the sign.
 */
export const configTemplate = `${schemaLine}
#
# What piton scan and piton audit do in this folder. Every flag of theirs may stand here by its name; what is typed goes
# before PITON_* variables, those before this file. piton config check says what is wrong in it, and where.

# Exit with 1 for a finding as bad as this: high, high:loaded, high:own, medium:kev, critical:fixable, several with commas.
fail-on: high

# Reports: table, json, sarif, cyclonedx, spdx, html, markdown, junit, github, openvex.
#output: [table, sarif=piton.sarif]

# Checks to leave out: vulnerabilities, hardening, musl, image.
#skip: [hardening]

# What was found before counts no more: make it with piton scan -o json=piton-baseline.json.
#baseline: piton-baseline.json

# Statements about what does and does not concern you, OpenVEX or CycloneDX.
#vex: [app.vex.json]

# Other severities than those of the rules; off: the rule is not asked. piton rules lists them.
#rules:
#  PT2010: off
#  PT1007: low

# Severities for paths; the last that matches decides.
#paths:
#  - path: opt/vendor/**
#    severity: low

# Findings that do not count, each with its reason. piton ignore adds one; one that is over, or that nothing needs any
# more, is a warning.
#ignore:
#  - rule: CVE-2024-6119
#    package: openssl
#    reason: The image speaks TLS as a client only.
#    expires: 2026-12-31
#  - rule: PT2001
#    path: opt/vendor/**
#    reason: The vendor ships no other build.
#  - rule: PT3003
#    symbol: __res_init
#    image: registry.example/team/app
#    reason: Called only with --debug.

# Advisories of your own apk repositories, in the schema of the secdb: piton db update and scan --update fetch them too.
#feeds:
#  corp: https://apk.example.org/security.json

# For very large images, or small machines.
#limits:
#  memory: 96 MiB
#  elf-size: 256 MiB

# Other settings for piton scan --profile release. Lists are added to those above.
#profiles:
#  release:
#    fail-on: medium
#    severity: medium
`
