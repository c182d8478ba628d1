import { type LoggerOptions as PinoOptions, pino } from 'pino'
import { describeError } from './describe-error.ts'
import { createIsoTime } from './iso-time.ts'
import { createLineLogger, type LineLogger } from './line-logger.ts'

export type Logger = Awaited<ReturnType<typeof createLogger>>['logger']

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

/**
 * The service's logger, to standard output, and the one for requests' wide lines, which costs less. pino-pretty is loaded
 * only where it is asked for.
 */
export async function createLogger({ name, level, pretty }: LoggerOptions) {
  const time = createIsoTime(Date.now)
  const options: PinoOptions = { level, base: { name }, timestamp: time, serializers: { err: describeError } }
  if (pretty) {
    const { createPrettyStream } = await import('./pretty.ts')
    const logger = pino(options, createPrettyStream())
    return { logger, lineLogger: logger as LineLogger }
  }
  const stdout = openStdout()
  const logger = pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, stdout)
  const lineLogger = createLineLogger({
    isLevelEnabled: (asked) => logger.isLevelEnabled(asked),
    write: (line) => stdout.write(line),
    time,
    bindings: { name },
  })
  return { logger, lineLogger }
}
