import { pino } from 'pino'
import { describeError } from './describe-error.ts'
import { createIsoTime } from './iso-time.ts'
import { createLineBuffer } from './line-buffer.ts'
import { createLineLogger, type LineLogger } from './line-logger.ts'

export type Logger = Awaited<ReturnType<typeof createLogger>>['logger']

type LoggerOptions = { name: string; level: string }

const serializers = { err: describeError }

/**
 * The service's logger, to standard output, and the one for requests' wide lines, which costs less. `pretty`: short coloured
 * lines for a person at a terminal; otherwise one JSON object a line. pino-pretty is loaded only where it is asked for.
 */
export async function createLogger({ pretty, ...options }: LoggerOptions & { pretty: boolean }) {
  if (!pretty) {
    const stdout = pino.destination({ dest: 1, sync: true })
    return createJsonLogger({ ...options, write: createLineBuffer((text) => stdout.write(text)) })
  }
  const { createPrettyStream } = await import('./pretty.ts')
  const { name, level } = options
  const logger = pino({ level, base: { name }, timestamp: createIsoTime(Date.now), serializers }, createPrettyStream())
  return { logger, lineLogger: logger as LineLogger }
}

/** The same two, one JSON object a line, to wherever `write` puts each line. */
export function createJsonLogger({ name, level, write }: LoggerOptions & { write: (line: string) => void }) {
  const time = createIsoTime(Date.now)
  const formatters = { level: (label: string) => ({ level: label }) }
  const logger = pino({ level, base: { name }, timestamp: time, serializers, formatters }, { write })
  const isLevelEnabled = (asked: string) => logger.isLevelEnabled(asked)
  return { logger, lineLogger: createLineLogger({ isLevelEnabled, write, time, bindings: { name } }) }
}
