import type {MuslMachine} from './machine.js'

/** Paths of glibc's loader, as programs name it in PT_INTERP, and as gcompat takes its place. The first is in `/lib`. */
const paths: Readonly<Record<string, readonly string[]>> = {
  x86_64: ['/lib/ld-linux-x86-64.so.2', '/lib64/ld-linux-x86-64.so.2'],
  i386: ['/lib/ld-linux.so.2'],
  aarch64: ['/lib/ld-linux-aarch64.so.1', '/lib64/ld-linux-aarch64.so.1'],
  arm: ['/lib/ld-linux-armhf.so.3', '/lib/ld-linux.so.3'],
  s390x: ['/lib/ld64.so.1', '/lib64/ld64.so.1'],
  ppc64le: ['/lib/ld64.so.2', '/lib64/ld64.so.2'],
  riscv64: ['/lib/ld-linux-riscv64-lp64d.so.1', '/lib64/ld-linux-riscv64-lp64d.so.1'],
  loongarch64: ['/lib/ld-linux-loongarch-lp64d.so.1', '/lib64/ld-linux-loongarch-lp64d.so.1'],
}

/** Where programs for glibc look for its loader. */
export function glibcLoaderPaths({name}: MuslMachine): readonly string[] {
  return paths[name] ?? []
}
