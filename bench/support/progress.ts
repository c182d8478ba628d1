const MS_PER_SECOND = 1000
const SECONDS_PER_MINUTE = 60

/** Says on stderr what is done now, and about how long the rest takes, from how long the steps so far took. */
export function createProgress(steps: number) {
  const startedMs = performance.now()
  let done = 0
  return {
    step(what: string): void {
      const perStepMs = done === 0 ? undefined : (performance.now() - startedMs) / done
      const left = perStepMs === undefined ? '' : `, about ${inWords(perStepMs * (steps - done))} left`
      say(`${what} (${done + 1} of ${steps}${left})`)
      done += 1
    },
    end: () => say(''),
  }
}

/** A terminal has one line for it, a file a line for each. */
function say(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else if (text !== '') process.stderr.write(`${text}\n`)
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / MS_PER_SECOND)
  return seconds < 2 * SECONDS_PER_MINUTE ? `${seconds} s` : `${Math.round(seconds / SECONDS_PER_MINUTE)} min`
}
