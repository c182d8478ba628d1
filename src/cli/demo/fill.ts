import { formatCount } from '../bulk/format.ts'
import type { Client } from './client.ts'
import { EVENT_TIME, FEEDS, requestsOf } from './data-set.ts'
import type { Entities } from './kinds.ts'
import type { Screen } from './screen.ts'

export type FillOptions = { client: Client; entities: Entities; screen: Screen; isOver: () => boolean }

const ENTITIES_A_REQUEST = 50
const DRAW_INTERVAL_MS = 100

/**
 * Writes the data set, one feed after the other, and says so; returns how many categories were written.
 * @throws Error when a write is refused.
 */
export async function fill({ client, entities, screen, isOver }: FillOptions): Promise<number> {
  let total = 0
  for (const feed of FEEDS) {
    const { tableType, category, source, ttlSeconds } = feed
    const parameters = new URLSearchParams({ table_type: tableType, source, event_time: EVENT_TIME })
    if (ttlSeconds !== undefined) parameters.set('ttl', String(ttlSeconds))
    const startMs = performance.now()
    const count = tableType === 'bright_uid' ? entities.users : entities.accounts
    let rows = 0
    let features = 0
    const tell = () =>
      `  ${category.padEnd(20)}${formatCount(rows).padStart(7)} ${tableType === 'bright_uid' ? 'users   ' : 'accounts'}` +
      `${formatCount(features).padStart(9)} features  by ${source}`
    const timer = setInterval(() => screen.draw([tell()]), DRAW_INTERVAL_MS)
    try {
      for (const request of requestsOf(feed, count, ENTITIES_A_REQUEST)) {
        if (isOver()) return total + rows
        const reply = await client.send('POST', `/items?${parameters}`, request.body)
        if (reply.status !== 200) throw new Error(`A write was refused: ${reply.body}`)
        rows += request.rows
        features += request.features
      }
    } finally {
      clearInterval(timer)
    }
    const seconds = (performance.now() - startMs) / 1000
    screen.say(`${tell().padEnd(78)} ${screen.faint(`${formatCount(rows / seconds)}/s`)}`)
    total += rows
  }
  return total
}
