import { isDeepStrictEqual } from 'node:util'
import { type Category, dataOf, type StoreModel } from './store-model.ts'
import type { Fate, Sight } from './write-history.ts'

export type Reply = { status: number; json: unknown }

type Item = { features: { data: { value: number }; metadata: { created_at: string; updated_at: string } } }
type Mapping = {
  items: Record<string, Item>
  missing_categories: string[]
  missing_features: Record<string, string[]>
}

const NEVER_STORED = 'never stored'

/** Asks for all of the first category, and of the others for one feature that is stored and one that is not. */
export function mappingOf(categories: readonly Category[]): Record<string, string[]> {
  return Object.fromEntries(categories.map((category, index) => [category, index === 0 ? [] : ['value', NEVER_STORED]]))
}

/** Whether a read was answered: the item, or that there is none; not being able to tell is neither, and no lie. */
export function isAnswer({ status, json }: Reply, model: StoreModel): boolean {
  if (![200, 404, 503, 504].includes(status)) model.complain(`a read was answered ${status}: ${JSON.stringify(json)}`)
  return status === 200 || status === 404
}

/** What an answered read of one category says. */
export function sightOf({ status, json }: Reply, model: StoreModel): Sight {
  return status === 404 ? 'missing' : sightOfItem(json as Item, dataOf, model)
}

/** What an answered read of `mapping` says of one of its categories. */
export function sightInMapping({ status, json }: Reply, mapping: object, category: Category, model: StoreModel): Sight {
  if (status === 404) return 'missing'
  const { items, missing_categories, missing_features } = json as Mapping
  const item = items[category]
  const isWhole = Object.keys(mapping)[0] === category
  const missing = item && !isWhole ? NEVER_STORED : undefined
  if (missing_categories.includes(category) === Boolean(item) || missing_features[category]?.join() !== missing) {
    model.complain(`a read says of ${category} both or neither: ${JSON.stringify(json)}`)
  }
  return item ? sightOfItem(item, isWhole ? dataOf : (value) => ({ value }), model) : 'missing'
}

function sightOfItem({ features }: Item, expected: (value: number) => object, model: StoreModel): Sight {
  const { data, metadata } = features
  if (!isDeepStrictEqual(data, expected(data.value))) model.complain(`what was read is nobody's write: ${JSON.stringify(data)}`)
  return { value: data.value, createdAt: metadata.created_at, updatedAt: metadata.updated_at }
}

/** What a client was told of its write of one category; nothing, where it hung up. */
export function fateOf(reply: Reply | undefined, category: Category, model: StoreModel): Fate {
  if (!reply) return 'unknown'
  const { results } = reply.json as { results?: Record<string, { status: Fate }> }
  const fate = results?.[category]?.status ?? 'failed'
  if (![200, 503, 504].includes(reply.status) || (reply.status === 200 && fate !== 'replaced')) {
    model.complain(`a write was answered ${reply.status}: ${JSON.stringify(reply.json)}`)
  }
  return fate
}

/** What a client was told of its delete of one category; one that is not among the results was not there. */
export function fateOfDelete({ status, json }: Reply, category: Category, model: StoreModel): Fate {
  if (status === 200) return 'replaced'
  if (![503, 504].includes(status)) model.complain(`a delete was answered ${status}: ${JSON.stringify(json)}`)
  const { results } = json as { results?: Record<string, { status: 'deleted' | 'failed' | 'unknown' }> }
  const told = results?.[category]?.status ?? 'failed'
  return told === 'deleted' ? 'replaced' : told
}

/** How many categories a delete says were there; undefined where it does not say. */
export function deletedIn({ status, json }: Reply): number | undefined {
  return status === 200 ? (json as { deleted: number }).deleted : undefined
}
