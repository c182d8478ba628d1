import type { Entity, FeatureRecord } from '../../features/feature-record.ts'
import { MAX_PAGE_CATEGORIES } from '../../features/limits.ts'
import type { RequestScope } from '../../request-scope.ts'
import type { MeasuredCalls } from '../calls/measure-calls.ts'
import type { PageRange } from '../calls/query-calls.ts'
import type { ReadOptions } from '../calls/read-calls.ts'

/** Live categories of an entity, in order, and the one behind which the next page begins; undefined: there is none. */
export type EntityPage = { records: ReadonlyMap<string, FeatureRecord>; next: string | undefined }

const MAX_QUERY_ITEMS = MAX_PAGE_CATEGORIES + 1
const GROWTH = 4

/** Walks through what an entity has: a Query a page, and more only while those before brought nothing live. */
export function createEntityPages({ queryRecords, queryCategories }: Pick<MeasuredCalls, 'queryRecords' | 'queryCategories'>) {
  return {
    /** Up to `limit` live categories behind one. */
    async readPage(entity: Entity, { after, limit }: PageRange, options: ReadOptions, scope: RequestScope): Promise<EntityPage> {
      // One more than is shown, which tells whether there is more.
      let items = limit + 1
      let start = after
      for (;;) {
        const { found, last } = await queryRecords(entity, { after: start, limit: items }, options, scope)
        const shown = found.slice(0, limit)
        if (found.length > limit) return { records: new Map(shown), next: shown.at(-1)?.[0] }
        if (shown.length > 0 || last === undefined) return { records: new Map(shown), next: last }
        start = last
        items = Math.min(items * GROWTH, MAX_QUERY_ITEMS)
      }
    },

    /** All categories of an entity that have an item, expired ones included; not the tombstones. */
    async listCategories(entity: Entity, scope: RequestScope): Promise<string[]> {
      const categories: string[] = []
      let start: string | undefined
      do {
        const { found, last } = await queryCategories(entity, start, scope)
        categories.push(...found)
        start = last
      } while (start !== undefined)
      return categories
    },
  }
}
