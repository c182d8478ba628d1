import { formatCount } from '../bulk/format.ts'
import type { Client } from './client.ts'
import { EVENT_TIME, FEEDS, type Feed, requestsOf } from './data-set.ts'
import type { Entities } from './kinds.ts'
import type { Screen } from './screen.ts'
import { sendUntilTaken } from './send-until-taken.ts'

export type FillOptions = { client: Client; entities: Entities; screen: Screen; isOver: () => boolean }

const ENTITIES_A_REQUEST = 25
const DRAW_INTERVAL_MS = 100
const BAR_STEPS = 24
const NAME_WIDTH = 22

/**
 * Writes the data set, one feed after the other, and says so; returns how many categories were written.
 * @throws Error when a write is refused.
 */
export async function fill(options: FillOptions): Promise<number> {
  options.screen.say(options.screen.faint(`${''.padEnd(NAME_WIDTH)}       entities  features     /s  producer`))
  let total = 0
  for (const feed of FEEDS) total += await fillFeed(feed, options)
  return total
}

async function fillFeed(feed: Feed, { client, entities, screen, isOver }: FillOptions): Promise<number> {
  const { tableType, category, source, ttlSeconds } = feed
  const parameters = new URLSearchParams({ table_type: tableType, source, event_time: EVENT_TIME })
  if (ttlSeconds !== undefined) parameters.set('ttl', String(ttlSeconds))
  const name = `  ${category}`.padEnd(NAME_WIDTH)
  const kind = tableType === 'bright_uid' ? 'users   ' : 'accounts'
  const requests = [...requestsOf(feed, tableType === 'bright_uid' ? entities.users : entities.accounts, ENTITIES_A_REQUEST)]
  const wanted = requests.reduce((sum, { rows }) => sum + rows, 0)
  const startMs = performance.now()
  let rows = 0
  let features = 0
  let isSlow = false

  function draw(): void {
    const done = Math.floor((rows / wanted) * BAR_STEPS)
    const bar = '█'.repeat(done) + '░'.repeat(BAR_STEPS - done)
    const words = isSlow ? '  the store is slow: sent again' : ''
    screen.draw([`${name}${bar}${formatCount(rows).padStart(7)} of ${formatCount(wanted)}${words}`])
  }
  const timer = setInterval(draw, DRAW_INTERVAL_MS)
  try {
    for (const request of requests) {
      if (isOver()) return rows
      const isTaken = await sendUntilTaken({
        client,
        path: `/items?${parameters}`,
        body: request.body,
        onSetback: () => {
          isSlow = true
        },
        isOver,
      })
      if (!isTaken) return rows
      isSlow = false
      rows += request.rows
      features += request.features
    }
  } finally {
    clearInterval(timer)
  }
  const rate = rows / ((performance.now() - startMs) / 1000)
  screen.say(
    `${name}${formatCount(rows).padStart(6)} ${kind}${formatCount(features).padStart(10)}${formatCount(rate).padStart(7)}  ${source}`,
  )
  return rows
}
