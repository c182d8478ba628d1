import { EventEmitter, once } from 'node:events'
import { createJsonLogger } from '../../src/log/logger.ts'

export type LogLine = Record<string, unknown> & { err?: LoggedError }
export type LoggedError = { type: string; message: string; code?: string; stack: string; failures?: LoggedError[] }

export type LogSink = ReturnType<typeof createLogSink>

/** Production's loggers, writing into the test's hands. */
export function createLogSink(level = 'info') {
  const texts: string[] = []
  const writes = new EventEmitter()
  const { logger, lineLogger } = createJsonLogger({
    name: 'test',
    level,
    write(text: string) {
      texts.push(text)
      writes.emit('write')
    },
  })
  const lines = () => texts.map((text) => JSON.parse(text) as LogLine)
  const requests = () => lines().filter(isOfRequest)

  return {
    logger,
    lineLogger,
    /** Everything that was written. */
    text: () => texts.join(''),
    /** One text for each write. */
    texts: (): readonly string[] => texts,
    lines,
    /** The wide lines, one for each request if all is well. */
    requests,
    /** The first line that fits, as soon as it is written. */
    async wrote(fits: (line: LogLine) => boolean): Promise<LogLine> {
      for (;;) {
        const line = lines().find(fits)
        if (line) return line
        await once(writes, 'write')
      }
    },
    /** The wide lines, as soon as there are as many. */
    async ended(count: number): Promise<LogLine[]> {
      while (requests().length < count) await once(writes, 'write')
      return requests()
    },
  }
}

/** Whether a line is the wide line of a request. */
export function isOfRequest(line: LogLine): boolean {
  return line.status !== undefined
}
