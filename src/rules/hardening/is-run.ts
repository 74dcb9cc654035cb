import type {ElfFile} from '../../model/facts.js'

/** No Linux system runs programs of these, nor of a machine that has no name here: firmware, BPF programs, test data. */
const otherMachine = /^(?:none|bpf|xtensa|0x)/

/** Folders of files that are ELF, and that nobody runs in the image. */
const otherFolders: readonly RegExp[] = [
  // What the kernel loads: onto a device, into itself, or, the vDSO, into every process without the loader.
  /^(?:usr\/)?lib\/(?:firmware|modules)\//,
  // What runs before the kernel, or is the kernel.
  /^boot\//,
  /^usr\/(?:lib|share)\/(?:grub|syslinux|xen\/boot)\//,
  // What runs inside of a virtual machine.
  /^usr\/share\/(?:opensbi|qemu|seabios|u-boot)\//,
  // Debugging information, whose code is in another file.
  /^usr\/lib\/debug\//,
  // What tests of an ELF reader read.
  /(?:^|\/)testdata\//,
]

/** May a process of the image run this file, or load it? Of what it may not, no protection is missing. */
export function isRun({path, machine}: ElfFile): boolean {
  const inRoot = path.replace(/^\/+/, '')
  return !otherMachine.test(machine) && !otherFolders.some(folder => folder.test(inRoot))
}
