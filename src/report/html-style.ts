import {families} from '../model/rule.js'
import {severities} from '../model/severity.js'
import {loadedWords} from './html-loaded.js'

const colours = `
:root {
  color-scheme: light dark;
  --page: #f6f8fa; --card: #ffffff; --text: #1f2328; --quiet: #59636e; --line: #d1d9e0; --link: #0550ae; --code: #eff2f5;
  --critical: #8a1c7c; --high: #cf222e; --medium: #b35900; --low: #0969da; --note: #6e7781;
  --alarm: #ffebe9; --alarm-line: #cf222e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0d1117; --card: #151b23; --text: #e6edf3; --quiet: #9198a1; --line: #30363d; --link: #79b8ff; --code: #212830;
    --critical: #c77dd4; --high: #ff7b72; --medium: #e3a04f; --low: #6cb6ff; --note: #9198a1;
    --alarm: #3c1618; --alarm-line: #f85149;
  }
}
`

const layout = `
* { box-sizing: border-box; }
[hidden] { display: none !important; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, p, dl, dd, ul, ol, pre, fieldset { margin: 0; padding: 0; border: 0; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { font-size: 1.15rem; }
h3 { font-size: 1rem; font-weight: 600; }
a { color: var(--link); }
code, pre { font: 0.9em/1.5 ui-monospace, SFMono-Regular, Menlo, "DejaVu Sans Mono", monospace; }
pre { background: var(--code); border-radius: 6px; padding: 0.5rem 0.75rem; white-space: pre-wrap; user-select: all; }
pre code { font-size: 1em; }
summary { cursor: pointer; }
summary:focus-visible, input:focus-visible, select:focus-visible, button:focus-visible, a:focus-visible {
  outline: 2px solid var(--link); outline-offset: 1px; }
header, main, footer { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
footer { display: block; padding: 1.5rem 0 0; color: var(--quiet); font-size: 0.9em; }
.brand { color: var(--quiet); font-weight: 600; letter-spacing: 0.02em; margin-bottom: -0.75rem; }
.about { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: 0.75rem; }
.about div, .family, .list, .advice, .filters { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.about div { padding: 0.6rem 0.9rem; }
dt { color: var(--quiet); font-size: 0.85em; }
.alarm { background: var(--alarm); border-left: 4px solid var(--alarm-line); border-radius: 6px; padding: 0.6rem 0.9rem; }
.summary { font-size: 1.1rem; font-weight: 600; margin-bottom: -0.5rem; }
.notice, .quiet, .version, .cut { color: var(--quiet); }
.version { font-weight: 400; }
.advice { padding: 0.9rem; display: grid; gap: 0.5rem; }
.advice ol { display: grid; gap: 0.75rem; padding-left: 1.4rem; }
.columns { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 1rem; align-items: start; margin-top: 1rem; }
.columns > main:only-child { grid-column: 1 / -1; }
`

const bars = `
.stack { display: block; width: 100%; height: 0.6rem; border-radius: 0.3rem; }
.bar { width: 100%; height: 0.4rem; border-radius: 0.2rem; background: var(--code); align-self: center; }
[class^="fill-"] { fill: var(--quiet); }
${severities.map(name => `.fill-${name} { fill: var(--${name}); }\n.badge.${name} { --mark: var(--${name}); }`).join('\n')}
.badge { color: var(--mark); border: 1px solid var(--mark); border-radius: 1rem; font-size: 0.8em; font-weight: 600;
  text-align: center; padding: 0 0.4rem; align-self: start; }
.tag { color: var(--card); background: var(--high); border-radius: 1rem; font-size: 0.75em; font-weight: 600; padding: 0.1rem 0.5rem; }
.tag.loaded { background: var(--medium); }
.count { color: var(--quiet); font-variant-numeric: tabular-nums; font-weight: 400; white-space: nowrap; }
`

const filters = `
.filters { position: sticky; top: 1rem; padding: 0.9rem; display: grid; gap: 0.9rem; }
.filters legend, .field { color: var(--quiet); font-size: 0.85em; padding: 0; }
.choice { display: grid; grid-template-columns: auto 7.5rem 1fr 2.6rem; gap: 0.5rem; align-items: center; padding: 0.1rem 0; cursor: pointer; }
.choice .count { text-align: right; }
.choice input { margin: 0; accent-color: var(--link); }
.filters .scripted { display: grid; gap: 0.6rem; }
.field { display: grid; gap: 0.2rem; }
.field input, .field select, button { font: inherit; font-size: 0.95rem; color: var(--text); background: var(--page); border: 1px solid var(--line);
  border-radius: 6px; padding: 0.35rem 0.5rem; width: 100%; min-width: 0; }
.shown { display: flex; justify-content: space-between; align-items: center; gap: 0.5rem; color: var(--quiet); font-size: 0.9em; }
button { width: auto; cursor: pointer; }
${severities.map(name => `body:has(#severity-${name}:not(:checked)) .problem[data-severity="${name}"]`).join(',\n')},
${loadedWords.map(name => `body:has(#loaded-${name}:not(:checked)) .problem[data-loaded="${name}"]`).join(',\n')},
${families.map(name => `body:has(#family-${name}:not(:checked)) [data-family="${name}"]`).join(',\n')} { display: none; }
`

const findings = `
.family { overflow: hidden; }
.family > h2 { padding: 0.8rem 0.9rem; }
.family > p { padding: 0 0.9rem 0.9rem; }
.group { border-top: 1px solid var(--line); }
.group > summary { display: flex; gap: 0.8rem; padding: 0.55rem 0.9rem; background: var(--page); list-style: none; }
.group > summary h3 { flex: 1; }
.help { padding: 0.4rem 0.9rem; color: var(--quiet); font-size: 0.93em; }
.help p, .help ul { margin-top: 0.4rem; }
.help ul { padding-left: 1.2rem; }
.problem { border-top: 1px solid var(--line); }
.problem > summary { display: grid; grid-template-columns: 0.5rem 4.8rem minmax(10rem, 1fr) minmax(8rem, 1.2fr) minmax(9rem, 1fr) 5rem; gap: 0.8rem;
  align-items: baseline; padding: 0.45rem 0.9rem; list-style: none; }
.problem > summary::before, .group > summary::before { content: "›"; color: var(--quiet); width: 0.5rem; justify-self: center; }
.problem[open] > summary::before, .group[open] > summary::before { content: "⌄"; }
.problem > summary:hover { background: var(--code); }
.problem > summary::-webkit-details-marker, .group > summary::-webkit-details-marker { display: none; }
.id { font-weight: 600; }
.score { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.place { grid-column: 3 / -1; }
.names, .fixed { color: var(--quiet); }
.body { display: grid; gap: 0.7rem; padding: 0.5rem 0.9rem 0.9rem 7.8rem; }
.body dl { display: grid; gap: 0.35rem; }
.body dl div { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: 0.8rem; }
.body ul { padding: 0; list-style: none; }
#nothing { padding: 1rem; text-align: center; color: var(--quiet); }
`

const lists = `
.list { padding: 0.8rem 0.9rem; }
.list summary h2 { display: inline; }
.list > ul { padding: 0.6rem 0 0 1.2rem; }
.list > .cut { padding-top: 0.6rem; }
.scroll { overflow-x: auto; margin-top: 0.6rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.93em; }
th, td { text-align: left; vertical-align: top; padding: 0.35rem 0.8rem 0.35rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 400; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
td.number, th.number { padding-right: 1rem; }
`

const small = `
@media (max-width: 52rem) {
  body { padding: 1rem; }
  .columns { grid-template-columns: minmax(0, 1fr); }
  .filters { position: static; }
  .problem > summary { grid-template-columns: 0.5rem 4.8rem minmax(0, 1fr) auto; gap: 0.2rem 0.6rem; }
  .score { grid-column: 4; grid-row: 1; }
  .names, .fixed { grid-column: 3 / -1; }
  .body { padding-left: 0.9rem; }
  .body dl div { grid-template-columns: minmax(0, 1fr); gap: 0; }
}
@media print {
  .filters { display: none; }
  .columns { display: block; }
}
`

/** All of the page's style. System fonts, and the colours of the reader's own theme. */
export const style = [colours, layout, bars, filters, findings, lists, small].join('')
