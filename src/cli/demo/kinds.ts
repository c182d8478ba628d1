import { identifierOf } from './data-set.ts'
import type { Random } from './random.ts'

export type DemoRequest = { method: string; path: string; body?: string }

/** One kind of request of the mixed load. */
export type Kind = {
  name: string
  /** How many of a hundred requests are of it. */
  weight: number
  /** The status that is right for it: not all that is no 200 is an error. */
  expected: number
  make: (random: Random, entities: Entities) => DemoRequest
}

export type Entities = { users: number; accounts: number }

const user = (random: Random, { users }: Entities) => identifierOf('bright_uid', random.whole(0, users - 1))
const account = (random: Random, { accounts }: Entities) => identifierOf('account_id', random.whole(0, accounts - 1))
const post = (path: string, body: unknown): DemoRequest => ({ method: 'POST', path, body: JSON.stringify(body) })

export const KINDS: readonly Kind[] = [
  {
    name: 'read a category',
    weight: 40,
    expected: 200,
    make: (random, entities) =>
      random.chance(0.6)
        ? { method: 'GET', path: `/get/item/${user(random, entities)}/trans_features` }
        : { method: 'GET', path: `/get/item/${account(random, entities)}/balances?table_type=account_id` },
  },
  {
    name: 'read 3 categories',
    weight: 22,
    expected: 200,
    make: (random, entities) =>
      post(`/get/item/${user(random, entities)}`, {
        trans_features: ['avg_credit_30d', 'num_transactions'],
        user_features: [],
        risk_features: ['score', 'band'],
      }),
  },
  {
    name: 'read 25 users',
    weight: 8,
    expected: 200,
    make: (random, entities) =>
      post('/get/items', {
        identifiers: Array.from({ length: 25 }, () => user(random, entities)),
        categories: { user_features: ['age', 'segment'] },
      }),
  },
  {
    name: 'write a category',
    weight: 14,
    expected: 200,
    make: (random, entities) =>
      post(`/items/${account(random, entities)}?table_type=account_id&source=ledger`, {
        balances: { available: random.money(0, 20_000), pending: random.money(0, 500), currency: 'USD' },
      }),
  },
  {
    name: 'merge a feature',
    weight: 8,
    expected: 200,
    make: (random, entities) => ({
      method: 'PATCH',
      path: `/items/${user(random, entities)}/user_features`,
      body: JSON.stringify({ last_seen_page: random.pick(['home', 'cards', 'loans']) }),
    }),
  },
  {
    name: 'ask for nobody (404)',
    weight: 5,
    expected: 404,
    make: (random) => ({ method: 'GET', path: `/get/item/nobody-${random.whole(1, 9999)}/trans_features` }),
  },
  {
    name: 'write too late (409)',
    weight: 3,
    expected: 409,
    make: (random) =>
      post(`/items/${identifierOf('bright_uid', random.whole(0, 24))}?event_time=2025-01-01T00:00:00Z`, {
        risk_features: { score: 0.5 },
      }),
  },
]

const TOTAL_WEIGHT = KINDS.reduce((sum, { weight }) => sum + weight, 0)

/** One of the kinds, as often as its weight says. */
export function pickKind(random: Random): Kind {
  let at = random.fraction() * TOTAL_WEIGHT
  const found = KINDS.find(({ weight }) => {
    at -= weight
    return at < 0
  })
  return found ?? (KINDS[0] as Kind)
}
