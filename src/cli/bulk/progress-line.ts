import { Presets, SingleBar } from 'cli-progress'
import { formatDuration } from './format.ts'
import { createRate } from './rate.ts'

export type ProgressLineOptions = {
  stream: NodeJS.WriteStream
  /** How much of the whole is done, from 0 to 1; undefined: nobody knows. */
  fraction: () => number | undefined
  /** What is told beside it. */
  describe: () => string
}

const BAR_INTERVAL_MS = 200
const LINE_INTERVAL_MS = 5000
const STEPS = 1000
const WIDE_COLUMNS = 100

/** Shows progress: a bar that moves on a terminal, a plain line every 5 s elsewhere. Returns what shows it once more and ends it. */
export function showProgress({ stream, fraction, describe }: ProgressLineOptions): () => void {
  const perSecond = createRate(() => fraction() ?? 0)

  function left(): string {
    const done = fraction()
    if (done === undefined || done === 1) return ''
    const rate = perSecond()
    return ` | ${rate > 0 ? formatDuration((1 - done) / rate) : '?'} left`
  }
  const tell = () => describe() + left()
  return stream.isTTY ? showBar(stream, fraction, tell) : showLines(stream, fraction, tell)
}

function showBar(stream: NodeJS.WriteStream, fraction: () => number | undefined, tell: () => string): () => void {
  const format = fraction() === undefined ? '{what}' : '{bar} {percentage} % | {what}'
  const barsize = stream.columns < WIDE_COLUMNS ? 6 : 24
  // Ctrl-C is the command's own affair.
  const options = { format, stream, barsize, hideCursor: true, linewrap: false, gracefulExit: false }
  const bar = new SingleBar(options, Presets.shades_classic)
  const update = () => bar.update(Math.floor((fraction() ?? 0) * STEPS), { what: tell() })
  bar.start(STEPS, 0, { what: tell() })
  const timer = setInterval(update, BAR_INTERVAL_MS)

  function end(): void {
    process.off('exit', end)
    clearInterval(timer)
    update()
    bar.stop()
  }
  // Whatever ends the process, the terminal gets its cursor back.
  process.on('exit', end)
  return end
}

function showLines(stream: NodeJS.WriteStream, fraction: () => number | undefined, tell: () => string): () => void {
  function show(): void {
    const done = fraction()
    const percent = done === undefined ? '' : `${(done * 100).toFixed(1)} % | `
    stream.write(`${percent}${tell()}\n`)
  }
  const timer = setInterval(show, LINE_INTERVAL_MS)
  return () => {
    clearInterval(timer)
    show()
  }
}
