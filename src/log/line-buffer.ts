const WRITE_LENGTH = 32_000
const MAX_DELAY_MS = 100

// What may be the last that is heard of a process.
const URGENT = /^\{"level":"(?:error|fatal)"/

/**
 * Gathers lines and writes them 32 KB at a time, as a write for each costs as much as to make it. A line waits 100 ms at most,
 * an error's not at all, and the process's exit writes what waits; an end without one (kill -9, no memory left) loses it.
 */
export function createLineBuffer(write: (text: string) => void): (line: string) => void {
  let pending = ''

  function flush(): void {
    if (pending === '') return
    const text = pending
    pending = ''
    write(text)
  }

  setInterval(flush, MAX_DELAY_MS).unref()
  process.once('exit', flush)

  return (line) => {
    pending += line
    if (pending.length > WRITE_LENGTH || URGENT.test(line)) flush()
  }
}
