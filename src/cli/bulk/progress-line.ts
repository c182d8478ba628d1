import { Presets, SingleBar } from 'cli-progress'

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

/** Shows progress: a bar that moves on a terminal, a plain line every 5 s elsewhere. Returns what shows it once more and ends it. */
export function showProgress(options: ProgressLineOptions): () => void {
  return options.stream.isTTY ? showBar(options) : showLines(options)
}

function showBar({ stream, fraction, describe }: ProgressLineOptions): () => void {
  const isKnown = fraction() !== undefined
  const format = isKnown ? '{bar} {percentage} % | {what} | {eta_formatted} left' : '{what}'
  const bar = new SingleBar(
    { format, stream, hideCursor: true, barsize: 24, linewrap: false, etaBuffer: 50 },
    Presets.shades_classic,
  )
  const update = () => bar.update(Math.floor((fraction() ?? 0) * STEPS), { what: describe() })
  bar.start(STEPS, 0, { what: describe() })
  const timer = setInterval(update, BAR_INTERVAL_MS)
  return () => {
    clearInterval(timer)
    update()
    bar.stop()
  }
}

function showLines({ stream, fraction, describe }: ProgressLineOptions): () => void {
  function show(): void {
    const done = fraction()
    const percent = done === undefined ? '' : `${(done * 100).toFixed(1)} % | `
    stream.write(`${percent}${describe()}\n`)
  }
  const timer = setInterval(show, LINE_INTERVAL_MS)
  return () => {
    clearInterval(timer)
    show()
  }
}
