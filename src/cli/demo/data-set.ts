import type { TableType } from '../../features/feature-record.ts'
import { createRandom, type Random } from './random.ts'

/** What one producer writes: a category of many entities, in one way. */
export type Feed = {
  tableType: TableType
  category: string
  source: string
  ttlSeconds?: number
  /** Share of the entities that have it. */
  share: number
  /** The features of one entity, as JSON. */
  features: (random: Random, index: number) => string
}

const DAY_MS = 86_400_000
/** When the producers computed it all; what comes with an earlier event time is late. */
export const EVENT_TIME = '2026-01-15T06:00:00.000Z'

const dayBefore = (random: Random, maxDays: number) =>
  new Date(Date.parse(EVENT_TIME) - random.whole(1, maxDays) * DAY_MS).toISOString().slice(0, 10)

/** A number beyond a double's 53 bits, which is to come back with all its digits. */
const longNumber = (index: number) => `90071992547409${String(index * 37 + 93).padStart(6, '0')}`

export const FEEDS: readonly Feed[] = [
  {
    tableType: 'bright_uid',
    category: 'trans_features',
    source: 'transactions-stream',
    share: 1,
    features: (random, index) =>
      JSON.stringify({
        avg_credit_30d: random.money(0, 4000),
        avg_debit_30d: random.money(0, 3500),
        num_transactions: random.whole(0, 180),
        last_transaction_on: dayBefore(random, 30),
        top_merchants: [random.pick(['grocer', 'fuel', 'rent']), random.pick(['cinema', 'books', 'travel'])],
      }).replace(/}$/, `,"account_number":${longNumber(index)}}`),
  },
  {
    tableType: 'bright_uid',
    category: 'user_features',
    source: 'user-service',
    share: 1,
    features: (random) =>
      JSON.stringify({
        age: random.whole(18, 84),
        segment: random.chance(0.15) ? null : random.pick(['student', 'family', 'freelance', 'retired']),
        is_verified: random.chance(0.9),
        signed_up_on: dayBefore(random, 2500),
        preferences: { language: random.pick(['en', 'es', 'fr', 'hi']), alerts: random.chance(0.4) },
      }),
  },
  {
    tableType: 'bright_uid',
    category: 'risk_features',
    source: 'risk-job',
    ttlSeconds: 7 * 86_400,
    share: 0.8,
    features: (random) =>
      JSON.stringify({
        score: random.whole(1, 9999) / 10_000,
        band: random.pick(['low', 'medium', 'high']),
        reasons: random.chance(0.3) ? ['new_device', 'night_time'] : [],
      }),
  },
  {
    tableType: 'bright_uid',
    category: 'device_features',
    source: 'device-stream',
    share: 0.6,
    features: (random) =>
      JSON.stringify({ devices: random.whole(1, 5), is_rooted: random.chance(0.02), os: random.pick(['ios', 'android', 'web']) }),
  },
  {
    tableType: 'account_id',
    category: 'balances',
    source: 'ledger',
    share: 1,
    features: (random, index) =>
      JSON.stringify({ available: random.money(0, 20_000), pending: random.money(0, 500), currency: 'USD' }).replace(
        /}$/,
        `,"ledger_entry":${longNumber(index)}}`,
      ),
  },
  {
    tableType: 'account_id',
    category: 'repayment_features',
    source: 'repayment-job',
    share: 0.7,
    features: (random) =>
      JSON.stringify({
        on_time_ratio: random.whole(50, 100) / 100,
        days_late_max: random.whole(0, 60),
        autopay: random.chance(0.5),
      }),
  },
]

/** An entity's identifier, by its number. */
export function identifierOf(tableType: TableType, index: number): string {
  return tableType === 'bright_uid' ? `user-${String(index).padStart(5, '0')}` : `acc-${String(index).padStart(5, '0')}`
}

/** What a feed writes of so many entities, as requests of `size` entities; the same each time. */
export function* requestsOf(
  feed: Feed,
  entities: number,
  size: number,
): Generator<{ body: string; rows: number; features: number }> {
  const random = createRandom(FEEDS.indexOf(feed) + 1)
  let members: string[] = []
  let features = 0
  for (let index = 0; index < entities; index += 1) {
    // The first ones have everything: they are what is shown.
    if (!random.chance(feed.share) && index >= 25) continue
    const text = feed.features(random, index)
    features += Object.keys(JSON.parse(text)).length
    members.push(`"${identifierOf(feed.tableType, index)}":{"${feed.category}":${text}}`)
    if (members.length === size) {
      yield { body: `{${members.join(',')}}`, rows: members.length, features }
      members = []
      features = 0
    }
  }
  if (members.length > 0) yield { body: `{${members.join(',')}}`, rows: members.length, features }
}
