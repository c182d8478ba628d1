import type { TableType } from '../../src/features/feature-record.ts'
import type { TestService } from './test-service.ts'

/** One category as a client sees it. */
export type SeenItem = { features: { data: Record<string, unknown>; metadata: Record<string, unknown> } }

type Lookup = (service: TestService, identifier: string, category: string, tableType: TableType) => Promise<SeenItem | undefined>

type SeveralReply = { items: Record<string, SeenItem>; missing_categories: string[] }

async function readSingle(...[service, identifier, category, tableType]: Parameters<Lookup>) {
  const { status, json } = await service.read(identifier, category, tableType)
  return isMissing(status, json) ? undefined : (json as SeenItem)
}

async function readByName(...[service, identifier, category, tableType]: Parameters<Lookup>) {
  const { status, json } = await service.filter(identifier, { [category]: [] }, tableType)
  return isMissing(status, json) ? undefined : itemOf(json as SeveralReply, category)
}

async function readManyEntities(...[service, identifier, category, tableType]: Parameters<Lookup>) {
  const body = { identifiers: [identifier], categories: { [category]: [] } }
  const { status, json } = await service.request('POST', `/api/v1/get/items?table_type=${tableType}`, body)
  if (status !== 200) throw unexpected(status, json)
  return itemOf((json as { entities: [SeveralReply] }).entities[0], category)
}

async function readEntity(...[service, identifier, category, tableType]: Parameters<Lookup>) {
  const path = `/api/v1/get/item/${encodeURIComponent(identifier)}`
  const { status, json } = await service.request('GET', `${path}?table_type=${tableType}`)
  return isMissing(status, json) ? undefined : (json as Pick<SeveralReply, 'items'>).items[category]
}

/** Every read there is, as a way to look for one category. Any answer but the item, or that it is missing, throws. */
export const READ_KINDS: { kind: string; look: Lookup }[] = [
  { kind: 'the read of one category', look: readSingle },
  { kind: 'the read of named features', look: readByName },
  { kind: 'the read of many entities', look: readManyEntities },
  { kind: 'the read of all that an entity has', look: readEntity },
]

/** Looks for a category by every read at once; one of what they see for each. */
export function lookEveryWay(
  service: TestService,
  identifier: string,
  category = 'cat',
  tableType: TableType = 'bright_uid',
): Promise<(SeenItem | undefined)[]> {
  return Promise.all(READ_KINDS.map(({ look }) => look(service, identifier, category, tableType)))
}

function isMissing(status: number, json: unknown): boolean {
  if (status === 200) return false
  if (status === 404 && (json as { code: string }).code === 'ITEM_NOT_FOUND') return true
  throw unexpected(status, json)
}

/** A category must be among the items or among the missing, and not in both. */
function itemOf({ items, missing_categories }: SeveralReply, category: string): SeenItem | undefined {
  const item = items[category]
  if ((item === undefined) === missing_categories.includes(category)) return item
  throw new Error(`${category} is both found and missing, or neither`)
}

function unexpected(status: number, json: unknown): Error {
  return new Error(`a read was answered ${status}: ${JSON.stringify(json)}`)
}
