import {byLanguage, hardeningRule} from './hardening-rule.js'

export const relocationReadOnly = hardeningRule({
  id: 'PT2003',
  name: 'RelocationReadOnly',
  title: 'Function addresses stay writable: no full RELRO',
  severity: 'low',
  help: {
    why:
      'With full RELRO the loader makes the table of function addresses read-only before the program starts. Without ' +
      'it, or with a part of it only, an attacker who can write to memory once can have a call go elsewhere.',
    fix: 'Link with `-Wl,-z,relro,-z,now`, which gcc and clang of Alpine do by default.',
    links: [
      'https://sourceware.org/binutils/docs/ld/Options.html',
      'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    ],
  },
  property: 'relro',
  message: (path, _file, {value}) =>
    value === 'partial'
      ? `${path} has partial RELRO only. The addresses of the functions that it calls stay writable while it runs.`
      : `${path} has no RELRO. All addresses that the loader fills in stay writable while it runs.`,
  build: byLanguage({
    c: 'link with -Wl,-z,relro,-z,now',
    go: "build with go build -buildmode=pie -ldflags='-linkmode=external -extldflags=-Wl,-z,relro,-z,now'",
    rust: "build with RUSTFLAGS='-C link-arg=-Wl,-z,relro,-z,now'",
  }),
})
