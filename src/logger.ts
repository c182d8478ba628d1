import { type Logger, pino } from 'pino'

export type LoggerOptions = {
  name: string
  level: string
  /** For a person at a terminal: coloured lines. Otherwise one JSON object a line. */
  pretty: boolean
}

/** The service's logger, to standard output. pino-pretty is loaded only where it is asked for. */
export async function createLogger({ name, level, pretty }: LoggerOptions): Promise<Logger> {
  const options = { level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime }
  if (!pretty) return pino({ ...options, formatters: { level: (label) => ({ level: label }) } })
  const { default: createPretty } = await import('pino-pretty')
  const stream = createPretty({
    colorize: process.stdout.isTTY,
    ignore: 'name',
    translateTime: 'HH:MM:ss.l',
    singleLine: true,
    sync: true,
  })
  return pino(options, stream)
}
