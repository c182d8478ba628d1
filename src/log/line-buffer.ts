const WRITE_LENGTH = 8000
const MAX_DELAY_MS = 100

/**
 * Gathers lines and writes them 8 KB at a time, as a write for each costs as much as to make it. A line waits 100 ms at most,
 * and the process's end writes what waits; kill -9 may lose it.
 */
export function createLineBuffer(write: (text: string) => void) {
  let pending = ''

  function flush(): void {
    if (pending === '') return
    write(pending)
    pending = ''
  }

  setInterval(flush, MAX_DELAY_MS).unref()
  process.once('exit', flush)

  return {
    write(line: string): void {
      pending += line
      if (pending.length > WRITE_LENGTH) flush()
    },
  }
}
