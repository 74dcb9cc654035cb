/** Functions for large files: from 1.2.4 musl exports these without the 64 that programs of old still ask for. */
const names: ReadonlySet<string> = new Set(
  `aio_cancel aio_error aio_fsync aio_read aio_return aio_suspend aio_write alphasort creat fallocate fgetpos fopen
  freopen fseeko fsetpos fstat fstatat fstatfs fstatvfs ftello ftruncate ftw __fxstat __fxstatat getdents getrlimit glob
  globfree lio_listio lockf lseek lstat __lxstat mkostemp mkostemps mkstemp mkstemps mmap nftw open openat posix_fadvise
  posix_fallocate pread preadv prlimit pwrite pwritev readdir scandir sendfile setrlimit stat statfs statvfs tmpfile
  truncate versionsort __xstat`.split(/\s+/),
)

/**
 * The name that musl's loader looks up in musl itself when nothing defines `name`; null where it does not try.
 * @param longest the longest name that this version of musl has room for
 */
export function withoutLfs64(name: string, longest: number): string | null {
  if (name.length > longest) return null
  if (name === 'readdir64_r') return 'readdir_r'
  const plain = name.slice(0, -2)
  return name.endsWith('64') && names.has(plain) ? plain : null
}
