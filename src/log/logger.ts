import { type LoggerOptions as PinoOptions, pino } from 'pino'
import { describeError } from './describe-error.ts'
import { createIsoTime } from './iso-time.ts'

export type Logger = Awaited<ReturnType<typeof createLogger>>

export type LoggerOptions = {
  name: string
  level: string
  /** For a person at a terminal: short coloured lines. Otherwise one JSON object a line. */
  pretty: boolean
}

const WRITE_BYTES = 4096
const MAX_DELAY_MS = 100

/**
 * Standard output, some lines a write: a write of its own for each line costs more than the line. They wait 100 ms at most,
 * and the process's end writes what waits; kill -9 may lose it.
 */
function openStdout() {
  const stdout = pino.destination({ dest: 1, sync: true, minLength: WRITE_BYTES, periodicFlush: MAX_DELAY_MS })
  process.once('exit', () => stdout.flushSync())
  return stdout
}

/** The service's logger, to standard output. pino-pretty is loaded only where it is asked for. */
export async function createLogger({ name, level, pretty }: LoggerOptions) {
  const options: PinoOptions = {
    level,
    base: { name },
    timestamp: createIsoTime(Date.now),
    serializers: { err: describeError },
  }
  if (!pretty) return pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, openStdout())
  const { createPrettyStream } = await import('./pretty.ts')
  return pino(options, createPrettyStream())
}
