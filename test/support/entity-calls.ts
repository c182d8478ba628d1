import type { TableType } from '../../src/features/feature-record.ts'
import type { TestService } from './test-service.ts'

export type Reply = Awaited<ReturnType<TestService['request']>>

/** What a reply shows of one category. */
export type ShownItem = { features: { data: Record<string, unknown>; metadata: Record<string, unknown> } }

/** One of the entities in a reply to a read of many. */
export type ShownEntity = {
  identifier: string
  items: Record<string, ShownItem>
  missing_categories: string[]
  missing_features: Record<string, string[]>
}

/** A reply to a read of everything that an entity has. */
export type Page = { identifier: string; table_type: TableType; items: Record<string, ShownItem>; next_cursor?: string }

// An endless chain of pages must fail its test, and not outlast it.
const MAX_PAGES = 1000

type Query = Record<string, string | number>

/** Reads named features of many entities. `query` is added to the URL. */
export function readMany(service: TestService, identifiers: readonly string[], categories: unknown, query: Query = {}) {
  return service.request('POST', `/api/v1/get/items?${toSearch(query)}`, { identifiers, categories })
}

/** The entities of a reply to a read of many. */
export function entitiesOf(reply: Reply): ShownEntity[] {
  return (reply.json as { entities: ShownEntity[] }).entities
}

/** Writes many entities; `body` as JSON, or as it is when it is text. */
export function writeMany(service: TestService, body: unknown, query: Query = {}) {
  return service.request('POST', `/api/v1/items?${toSearch(query)}`, body)
}

/** Reads a page of what one entity has. */
export function readPage(service: TestService, identifier: string, query: Query = {}) {
  return service.request('GET', `/api/v1/get/item/${encodeURIComponent(identifier)}?${toSearch(query)}`)
}

/**
 * Reads all that an entity has, page by page.
 * @throws Error when a page is not answered with 200, or when there is no end to them.
 */
export async function readAllPages(service: TestService, identifier: string, query: Query = {}): Promise<Page[]> {
  const pages: Page[] = []
  for (let cursor: string | undefined = ''; cursor !== undefined; cursor = pages.at(-1)?.next_cursor) {
    const reply = await readPage(service, identifier, { ...query, ...(cursor === '' ? {} : { cursor }) })
    if (reply.status !== 200) throw new Error(`page ${pages.length + 1} was answered ${reply.status}: ${reply.text}`)
    pages.push(reply.json as Page)
    if (pages.length > MAX_PAGES) throw new Error(`there are more than ${MAX_PAGES} pages`)
  }
  return pages
}

/** The categories of pages, in the order in which they came. */
export function categoriesOf(pages: readonly Page[]): string[] {
  return pages.flatMap(({ items }) => Object.keys(items))
}

/** The cursor of an entity's first page. */
export async function firstCursor(service: TestService, identifier: string, query: Query = { limit: 1 }): Promise<string> {
  const { next_cursor } = (await readPage(service, identifier, query)).json as Page
  if (next_cursor === undefined) throw new Error('The first page is the last.')
  return next_cursor
}

function toSearch(query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) search.set(name, String(value))
  return search.toString()
}
