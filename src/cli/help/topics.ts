import {projectURL} from '../../model/project.js'
import {severities} from '../../model/severity.js'
import {conditionWords, failOnExamples} from '../../policy/fail-on.js'
import type {Canvas} from '../../report/canvas.js'
import {commands, paragraph, type Row, rows, section} from './page.js'

/** What `piton help` tells about besides commands. */
const topics: Readonly<Record<string, (canvas: Canvas) => string[] | Promise<string[]>>> = {
  'exit-codes': exitCodesPage,
  'fail-on': failOnPage,
  targets: targetsPage,
  formats: formatsPage,
  configuration: configurationPage,
  limits: limitsPage,
  environment: environmentPage,
}
export const topicNames: readonly string[] = Object.keys(topics)

/** The page about a topic; null where there is none. */
export async function topicPage(name: string, canvas: Canvas): Promise<string[] | null> {
  return Object.hasOwn(topics, name) ? ((await topics[name]?.(canvas)) ?? null) : null
}

function exitCodesPage(canvas: Canvas): string[] {
  const codes: Row[] = [
    ['0', 'Done, and no finding is as bad as --fail-on.'],
    ['1', 'Findings are as bad as --fail-on, and nothing but that. Its default is none: without it there is no 1.'],
    [
      '2',
      'piton could not do what it was asked: a wrong command line or configuration, a target that cannot be read or is damaged, no network, no usable advisories, or nothing in the target that piton knows. With --strict also: there was a warning.',
    ],
    ['129, 130, 143', 'Ended by SIGHUP, SIGINT or SIGTERM. Nothing half-written stays.'],
  ]
  return [
    canvas.style.bold('Exit codes'),
    '',
    ...rows(codes, canvas),
    '',
    ...paragraph(
      'A scan that could not look at everything says so in a warning, in every format. Add --strict where that must not pass.',
      canvas,
    ),
    ...section(
      'Examples',
      commands(
        [
          'piton scan --fail-on high app.tar',
          'piton scan --fail-on high --strict app.tar',
          'piton scan --fail-on high app.tar || test $? -eq 1',
        ],
        canvas,
      ),
      canvas,
    ),
  ]
}

function failOnPage(canvas: Canvas): string[] {
  return [
    canvas.style.bold('--fail-on SEVERITY[:CONDITION]...[,...]: which findings make the exit code 1'),
    '',
    ...paragraph(
      'A finding fails the build if it is as bad as the severity and all conditions behind it hold. Commas separate alternatives: one of them is enough. What an ignore entry, a VEX statement or the baseline takes out does not count.',
      canvas,
    ),
    ...section('Severities', paragraph(`none, ${failSeverities.join(', ')}`, canvas, '  '), canvas),
    ...section('Conditions', rows(Object.entries(conditionWords), canvas), canvas),
    ...section(
      'Examples',
      failOnExamples.flatMap(([expression, meaning]) => [
        ...commands([`piton scan --fail-on ${expression} app.tar`], canvas),
        ...paragraph(meaning, canvas, '      '),
      ]),
      canvas,
    ),
  ]
}

/** `note` never fails a build. */
const failSeverities = severities.filter(severity => severity !== 'note').reverse()

function targetsPage(canvas: Canvas): string[] {
  const schemes: Row[] = [
    ['app.tar, ./folder', 'A file or folder: what it is, is told by its content, compressed or not.'],
    ['alpine:3.20', 'Anything else is an image in a registry, as registry:alpine:3.20.'],
    ['docker:app, podman:app', 'An image in the local engine, over its socket.'],
    ['-', 'Standard input.'],
    ['docker-archive:FILE[:TAG]', 'What docker save writes; TAG picks one of several images.'],
    ['oci:DIR[:TAG|@DIGEST]', 'An OCI layout.'],
    ['oci-archive:FILE[:TAG]', 'A tarball of one.'],
    ['dir:DIR', 'What skopeo copy … dir:DIR and podman save --format docker-dir write.'],
    ['rootfs:DIR or FILE', 'A root file system. File capabilities are only seen in a tarball.'],
    ['apk:FILE', 'One .apk package.'],
    ['elf:FILE', 'One ELF file.'],
  ]
  return [
    canvas.style.bold('TARGET: what can be scanned'),
    '',
    ...rows(schemes, canvas),
    ...section(
      'Examples',
      commands(
        [
          'piton scan alpine:3.20 --platform linux/arm64',
          'docker save app | piton scan -',
          'piton scan docker-archive:images.tar:app:1.2',
          'piton scan ./rootfs --offline',
          'piton scan --from images.txt -o table -o json=all.json',
        ],
        canvas,
      ),
      canvas,
    ),
  ]
}

async function formatsPage(canvas: Canvas): Promise<string[]> {
  const {reporters} = await import('../../report/index.js')
  return [
    canvas.style.bold('--output FORMAT[=FILE]: what piton scan writes'),
    '',
    ...rows(
      [...reporters.values()].map(({name, description}): Row => [name, description]),
      canvas,
    ),
    '',
    ...paragraph(
      'As often as needed; one of them may go to standard output. Other commands have fewer: their --help names them.',
      canvas,
    ),
    ...section(
      'Examples',
      commands(
        [
          'piton scan app.tar -o json',
          'piton scan app.tar -o table -o sarif=piton.sarif -o html=report.html',
          'piton sbom app.tar -o spdx=app.spdx.json',
        ],
        canvas,
      ),
      canvas,
    ),
  ]
}

function configurationPage(canvas: Canvas): string[] {
  const parts: Row[] = [
    ['fail-on: high:own', 'any flag of scan and audit, by its name; lists as [a, b]'],
    ['rules: {PT2010: off}', 'other severities than those of the rules, or off'],
    ['paths:', 'severities for paths'],
    ['ignore:', 'findings that do not count: rule, package, path, symbol, library, image; a reason; expires'],
    ['limits:', 'for very large images or small machines'],
    ['profiles:', 'other settings for piton scan --profile NAME'],
  ]
  return [
    canvas.style.bold('.piton.yaml in the working folder, or --config FILE'),
    '',
    ...paragraph(
      'What is typed goes before PITON_* variables, those before the file. --debug says where each came from.',
      canvas,
    ),
    ...section('Parts', rows(parts, canvas), canvas),
    ...section(
      'Examples',
      commands(
        [
          'piton config init',
          'piton config check',
          "piton ignore CVE-2024-6119 --reason 'TLS client only' --expires 2026-12-31",
          'piton scan --profile release app.tar',
          "piton scan --config '' app.tar",
        ],
        canvas,
      ),
      canvas,
    ),
    '',
    ...paragraph(`All of it, for editors: ${projectURL}/blob/main/data/config.schema.json`, canvas),
  ]
}

async function limitsPage(canvas: Canvas): Promise<string[]> {
  const {limitSettings, usualLimit} = await import('../../policy/config/limit-settings.js')
  const names = Object.keys(limitSettings) as (keyof typeof limitSettings)[]
  return [
    canvas.style.bold('--limit NAME=VALUE, or limits: in .piton.yaml'),
    '',
    ...paragraph(
      'What a stranger may make piton read and keep has a bound. One that is reached is a warning, or exit code 2, and never passed over in silence.',
      canvas,
    ),
    ...section(
      'Limits',
      rows(
        names.map((name): Row => [name, `${limitSettings[name].words} (default: ${usualLimit(name)})`]),
        canvas,
      ),
      canvas,
    ),
    ...section(
      'Examples',
      commands(
        [
          'piton scan app.tar --limit elf-size=512MiB',
          'piton scan app.tar --limit memory=96MiB --limit table-rows=100',
        ],
        canvas,
      ),
      canvas,
    ),
  ]
}

function environmentPage(canvas: Canvas): string[] {
  const own: Row[] = [
    ['PITON_FAIL_ON, ...', 'any flag, in capitals with _ for -; 1 or 0 for switches, commas in lists'],
    ['PITON_REGISTRY_USERNAME, PITON_REGISTRY_PASSWORD', 'credentials for the registry of the target'],
  ]
  const shown: Row[] = [
    ['NO_COLOR', 'no colours'],
    ['FORCE_COLOR', 'colours also where the output is no terminal; 0: none'],
    ['FORCE_HYPERLINK', 'links also where the output is no terminal known to show them; 0: none'],
    ['COLUMNS', 'the width of tables where the output is no terminal'],
  ]
  const others: Row[] = [
    ['DOCKER_CONFIG, REGISTRY_AUTH_FILE', 'where registry credentials are'],
    ['DOCKER_HOST, CONTAINER_HOST', 'the socket of the engine, for docker: and podman:'],
    ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'proxies'],
    ['SSL_CERT_FILE, NODE_EXTRA_CA_CERTS', "certificate authorities, besides Node's own"],
    ['XDG_CACHE_HOME', 'where piton/ is made, for advisories and the cache; default: ~/.cache'],
    ['GITHUB_TOKEN, GH_TOKEN', 'for piton upload and scan --upload'],
    ['NVD_API_KEY', 'for piton db update'],
  ]
  return [
    canvas.style.bold('Environment'),
    ...section('Settings', rows(own, canvas), canvas),
    ...section('What is shown', rows(shown, canvas), canvas),
    ...section('The world around', rows(others, canvas), canvas),
    ...section(
      'Examples',
      commands(['PITON_FAIL_ON=high:own piton scan app.tar', 'NO_COLOR=1 piton scan app.tar'], canvas),
      canvas,
    ),
  ]
}
