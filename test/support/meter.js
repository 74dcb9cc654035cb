// Loaded into a program under test: tells its peak memory on file descriptor 3 when it ends.
import {readFileSync, writeSync} from 'node:fs'

process.on('exit', () => writeSync(3, String(peakBytes())))

/** Of this program alone: what getrusage says on Linux includes the process that it was forked from. */
function peakBytes() {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]) * 1024
  } catch {
    return process.resourceUsage().maxRSS * 1024
  }
}
