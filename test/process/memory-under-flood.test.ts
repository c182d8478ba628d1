import { expect, test } from 'vitest'
import { largeBody } from '../support/large-body.ts'
import { startLeavingDynamoDB } from '../support/leaving-dynamodb.ts'
import { residentBytes, tellsMemory } from '../support/resident-memory.ts'
import { startService } from '../support/service-process.ts'

const MB = 1024 * 1024
const CLIENTS = 64
const BODY_BYTES = MB / 2
// An eighth of the defaults, so that the most that there can be is there soon.
const LIMITS = { BODY_LIMIT_BYTES: String(BODY_BYTES), MAX_BODY_BYTES_IN_FLIGHT: String(16 * BODY_BYTES) }
// Counted in replies, not in seconds: a heap is as large as it gets after so much work, which a busy machine does later.
const WARM_UP_REPLIES = 4000
const FLOOD_REPLIES = 10_000
const SAMPLE_MS = 50
const TIMEOUT_MS = 180_000
// What a heap may still grow by, for V8's reasons, when all that there can be has been there.
const GROWTH_LIMIT_BYTES = 96 * MB

const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from(largeBody(BODY_BYTES)) }

type Statuses = Record<number, number>

const sum = (counts: Statuses) => Object.values(counts).reduce((total, count) => total + count, 0)

/** Clients that each send one large body after another until there are so many replies; counts how often each status came. */
async function flood(url: string, statuses: Statuses): Promise<void> {
  async function sendInTurn(client: number): Promise<void> {
    while (sum(statuses) < FLOOD_REPLIES) {
      const reply = await fetch(`${url}/api/v1/items/user-${client}`, init)
      await reply.arrayBuffer()
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => sendInTurn(client)))
}

test.skipIf(!tellsMemory)(
  'a flood of large bodies from 64 clients takes no more memory the longer it lasts (needs /proc)',
  async () => {
    const { url: endpoint } = await startLeavingDynamoDB()
    const env = { ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: endpoint, ...LIMITS }
    const { pid, url } = await startService(env)
    const statuses: Statuses = {}
    const peaks = { early: 0, late: 0 }
    const sampling = setInterval(() => {
      const part = sum(statuses) < WARM_UP_REPLIES ? 'early' : 'late'
      peaks[part] = Math.max(peaks[part], residentBytes(pid))
    }, SAMPLE_MS)

    await flood(url, statuses).finally(() => clearInterval(sampling))
    const isAlive = (await fetch(`${url}/health/live`)).ok

    expect(peaks.late).toBeGreaterThan(0)
    expect(peaks.late - peaks.early).toBeLessThan(GROWTH_LIMIT_BYTES)
    expect(Object.keys(statuses).filter((status) => !['200', '503', '504'].includes(status))).toEqual([])
    expect(statuses[503]).toBeGreaterThan(0)
    expect(isAlive).toBe(true)
  },
  TIMEOUT_MS,
)
