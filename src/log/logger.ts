import { type LoggerOptions as PinoOptions, pino } from 'pino'
import { describeError } from './describe-error.ts'

export type Logger = Awaited<ReturnType<typeof createLogger>>

export type LoggerOptions = {
  name: string
  level: string
  /** For a person at a terminal: short coloured lines. Otherwise one JSON object a line. */
  pretty: boolean
}

/** The service's logger, to standard output. pino-pretty is loaded only where it is asked for. */
export async function createLogger({ name, level, pretty }: LoggerOptions) {
  const options: PinoOptions = {
    level,
    base: { name },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
  }
  if (!pretty) return pino({ ...options, formatters: { level: (label) => ({ level: label }) } })
  const { createPrettyStream } = await import('./pretty.ts')
  return pino(options, createPrettyStream())
}
