import { type LoggerOptions as PinoOptions, pino } from 'pino'
import { describeError } from './describe-error.ts'
import { createIsoTime } from './iso-time.ts'
import { createLineBuffer } from './line-buffer.ts'
import { createLineLogger, type LineLogger } from './line-logger.ts'

export type Logger = Awaited<ReturnType<typeof createLogger>>['logger']

export type LoggerOptions = {
  name: string
  level: string
  /** For a person at a terminal: short coloured lines. Otherwise one JSON object a line. */
  pretty: boolean
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
  const stdout = pino.destination({ dest: 1, sync: true })
  const lines = createLineBuffer((text) => stdout.write(text))
  const logger = pino({ ...options, formatters: { level: (label) => ({ level: label }) } }, lines)
  const lineLogger = createLineLogger({
    isLevelEnabled: (asked) => logger.isLevelEnabled(asked),
    write: lines.write,
    time,
    bindings: { name },
  })
  return { logger, lineLogger }
}
