import { expect, test } from 'vitest'
import { success } from '../support/dynamodb-replies.ts'
import { expectWholeProblem } from '../support/expect-whole-problem.ts'
import { inChunks, largeBody } from '../support/large-body.ts'
import { startLoggedService } from '../support/logged-service.ts'

const WRITE = '/api/v1/items/user'
const BODY_BYTES = 400_000
const PLACES = 2
const BODY = largeBody(BODY_BYTES)

const SENDERS: [string, () => RequestInit][] = [
  ['with their length', () => ({ body: BODY })],
  ['in chunks', () => ({ body: inChunks(BODY), duplex: 'half' })],
]

/** A service with room for two of the bodies, on a store that holds every call until `open`; `shut` holds again. */
async function startNarrowService() {
  let gate = Promise.withResolvers<void>()
  const service = await startLoggedService({
    app: { bodyLimitBytes: BODY_BYTES, maxBodyBytesInFlight: PLACES * BODY_BYTES },
    script: async () => {
      await gate.promise
      return success({})
    },
  })
  const headers = { 'content-type': 'application/json' }
  async function write(init: RequestInit) {
    const reply = await fetch(service.url + WRITE, { method: 'POST', headers, ...init })
    return { status: reply.status, headers: Object.fromEntries(reply.headers), json: await reply.json() }
  }
  return {
    ...service,
    write,
    open: () => gate.resolve(),
    shut: () => {
      gate = Promise.withResolvers<void>()
    },
  }
}

test.for(SENDERS)(
  'of many large bodies %s, some are taken and each of the others gets a whole OVERLOADED',
  async ([_, sender]) => {
    const { write, open, shut } = await startNarrowService()

    for (let round = 0; round < 3; round += 1) {
      shut()
      const refusals = Promise.withResolvers<void>()
      let refused = 0
      const sent = Array.from({ length: 12 }, async () => {
        const reply = await write(sender())
        if (reply.status !== 200 && ++refused === 12 - PLACES) refusals.resolve()
        return reply
      })
      // Nobody is answered by the store before all who are refused were.
      await Promise.race([refusals.promise, Promise.all(sent)])
      open()
      const replies = await Promise.all(sent)

      const overloaded = replies.filter(({ status }) => status !== 200)
      expect(replies.length - overloaded.length).toBeGreaterThan(0)
      expect(overloaded.length).toBeGreaterThanOrEqual(12 - PLACES)
      for (const reply of overloaded) expectWholeProblem(reply, { status: 503, code: 'OVERLOADED', instance: WRITE })
      for (const { headers } of overloaded) expect(headers['retry-after']).toMatch(/^[1-9]\d*$/)
    }
  },
)
