import {MessageChannel, type MessagePort} from 'node:worker_threads'

let nobody: MessagePort | null = null

/**
 * Frees the memory behind bytes, all of it, which nobody may look at again. The collector would do so when 64 MB of such
 * have come together, and the next ones would be new memory, which the system has to clear first. What is sent to a
 * port that nobody holds the other end of is gone at once.
 */
export function letGo(bytes: Uint8Array): void {
  nobody ??= openPort()
  nobody.postMessage(null, [bytes.buffer as ArrayBuffer])
}

function openPort(): MessagePort {
  const {port1, port2} = new MessageChannel()
  port2.close()
  return port1
}
