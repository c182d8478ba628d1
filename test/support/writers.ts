import { EventEmitter, once } from 'node:events'
import { writeFeature } from './service-process.ts'

const WRITERS = 8

/** One identifier's counting value: the last one whose write was answered, and the last one sent. */
export type Written = { identifier: string; answered: number; sent: number }

/** Writers side by side, each counting up its own identifier's value until the service is gone. */
export function startWriters(url: string, prefix: string) {
  const answers = new EventEmitter()
  let total = 0

  async function write(identifier: string): Promise<Written> {
    for (let value = 1; ; value += 1) {
      const status = await writeFeature(url, identifier, value).catch(() => undefined)
      if (status === undefined) return { identifier, answered: value - 1, sent: value }
      if (status !== 200) throw new Error(`a write was answered ${status}`)
      total += 1
      answers.emit('answer')
    }
  }

  const finished = Promise.all(Array.from({ length: WRITERS }, (_, index) => write(`${prefix}-${index}`)))
  return {
    /** Resolves at the answer to this many writes. */
    async answered(count: number): Promise<void> {
      while (total < count) await Promise.race([once(answers, 'answer'), finished])
    },
    /** What each one wrote, once the service is gone. */
    finished,
  }
}
