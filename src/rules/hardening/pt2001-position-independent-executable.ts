import {byLanguage, hardeningRule} from './hardening-rule.js'

export const positionIndependentExecutable = hardeningRule({
  id: 'PT2001',
  name: 'PositionIndependentExecutable',
  title: 'Program is loaded at a fixed address',
  severity: 'medium',
  help: {
    why:
      'A position-independent program is loaded at another address each time (ASLR), so an attacker does not know ' +
      'where its code is. This one is always at the same place.',
    fix:
      'C and C++: compile with `-fPIE` and link with `-pie`, or `-static-pie` for a static program. ' +
      'Go: `go build -buildmode=pie`. Rust: `-C relocation-model=pie`, which is the default.',
    links: [
      'https://gcc.gnu.org/onlinedocs/gcc/Link-Options.html',
      'https://best.openssf.org/Compiler-Hardening-Guides/Compiler-Options-Hardening-Guide-for-C-and-C++.html',
    ],
  },
  property: 'pie',
  message: path => `${path} is not position independent. An attacker knows where its code is: ASLR cannot move it.`,
  build: byLanguage({
    c: 'compile with -fPIE and link with -pie (a static program: -static-pie)',
    go: 'build with go build -buildmode=pie',
    haskell: 'build with ghc -fPIC -pie',
    nim: 'build with nim c --passC:-fPIE --passL:-pie',
    rust: "build with RUSTFLAGS='-C relocation-model=pie'",
    zig: 'build with -fPIE',
  }),
})
