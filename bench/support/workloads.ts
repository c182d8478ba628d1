import { categoryReply, entitiesReply, FEATURES, mappingReply, writeReply } from './feature-replies.ts'

/** One request, what it is to be answered, and for whom: an identifier that its reply begins with. */
export type Exchange = { method: 'GET' | 'POST'; path: string; body?: string; reply: object; mark: string }

/** Requests of one kind for different entities, all with identifiers of one length: so are their replies. */
export type Workload = { name: string; exchanges: readonly Exchange[]; entitiesPerRequest: number }

const CATEGORY = 'trans_features'
const CATEGORIES = [CATEGORY, 'user_features', 'risk_features', 'device_features', 'balance_features']
// More than are ever under way at once, so that nobody asks for what another is being answered.
const USERS = 1000
const MANY = 100
const MANY_REQUESTS = 300
const DIGITS = 5

const identifierOf = (index: number) => `user${String(index).padStart(DIGITS, '0')}`

function forUsers(exchangeOf: (identifier: string) => Exchange): Exchange[] {
  return Array.from({ length: USERS }, (_, index) => exchangeOf(identifierOf(index)))
}

const singleRead = forUsers((identifier) => {
  return {
    method: 'GET',
    path: `/api/v1/get/item/${identifier}/${CATEGORY}`,
    reply: categoryReply(identifier, CATEGORY),
    mark: identifier,
  }
})

const mapping = JSON.stringify(Object.fromEntries(CATEGORIES.map((category) => [category, []])))
const categoriesRead = forUsers((identifier) => {
  return {
    method: 'POST',
    path: `/api/v1/get/item/${identifier}`,
    body: mapping,
    reply: mappingReply(identifier, CATEGORIES),
    mark: identifier,
  }
})

const written = JSON.stringify({ [CATEGORY]: FEATURES })
const write = forUsers((identifier) => {
  return {
    method: 'POST',
    path: `/api/v1/items/${identifier}`,
    body: written,
    reply: writeReply(identifier, CATEGORY),
    mark: identifier,
  }
})

const entitiesRead = Array.from({ length: MANY_REQUESTS }, (_, request): Exchange => {
  const identifiers = Array.from({ length: MANY }, (_, index) => identifierOf(request * MANY + index))
  const body = JSON.stringify({ identifiers, categories: { [CATEGORY]: [] } })
  return {
    method: 'POST',
    path: '/api/v1/get/items',
    body,
    reply: entitiesReply(identifiers, CATEGORY),
    mark: identifiers[0] ?? '',
  }
})

export const SINGLE_READ: Workload = { name: 'single read', exchanges: singleRead, entitiesPerRequest: 1 }

export const WORKLOADS: readonly Workload[] = [
  SINGLE_READ,
  { name: '5-category read', exchanges: categoriesRead, entitiesPerRequest: 1 },
  { name: 'write', exchanges: write, entitiesPerRequest: 1 },
  { name: '100-entity read', exchanges: entitiesRead, entitiesPerRequest: MANY },
]
