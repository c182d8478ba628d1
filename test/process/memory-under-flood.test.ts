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
const WARM_UP_MS = 9000
const FLOOD_MS = 15_000
const SAMPLE_MS = 50
// What a heap may still grow by, for V8's reasons, when all that there can be has been there.
const GROWTH_LIMIT_BYTES = 96 * MB

const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: Buffer.from(largeBody(BODY_BYTES)) }

/** Clients that each send one large body after another until the time is up; returns how often each status came. */
async function flood(url: string, isOver: AbortSignal): Promise<Record<number, number>> {
  const statuses: Record<number, number> = {}
  async function sendInTurn(client: number): Promise<void> {
    while (!isOver.aborted) {
      const reply = await fetch(`${url}/api/v1/items/user-${client}`, { ...init, signal: isOver })
      await reply.arrayBuffer()
      statuses[reply.status] = (statuses[reply.status] ?? 0) + 1
    }
  }
  const clients = Array.from({ length: CLIENTS }, async (_, client) => {
    await sendInTurn(client).catch((error: Error) => {
      if (!isOver.aborted) throw error
    })
  })
  await Promise.all(clients)
  return statuses
}

test.skipIf(!tellsMemory)(
  'a flood of large bodies from 64 clients takes no more memory the longer it lasts (needs /proc)',
  async () => {
    const { url: endpoint } = await startLeavingDynamoDB()
    const env = { ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_ENDPOINT: endpoint, ...LIMITS }
    const { pid, url } = await startService(env)
    const startedMs = performance.now()
    const peaks = { early: 0, late: 0 }
    const sampling = setInterval(() => {
      const half = performance.now() - startedMs < WARM_UP_MS ? 'early' : 'late'
      peaks[half] = Math.max(peaks[half], residentBytes(pid))
    }, SAMPLE_MS)

    const statuses = await flood(url, AbortSignal.timeout(FLOOD_MS)).finally(() => clearInterval(sampling))
    const isAlive = (await fetch(`${url}/health/live`)).ok

    expect(peaks.late - peaks.early).toBeLessThan(GROWTH_LIMIT_BYTES)
    expect(Object.keys(statuses).filter((status) => !['200', '503', '504'].includes(status))).toEqual([])
    expect(statuses[503]).toBeGreaterThan(0)
    expect(isAlive).toBe(true)
  },
)
