import type { TableType } from '../../src/features/feature-record.ts'
import type { TestService } from './test-service.ts'

export type ChangeOptions = {
  tableType?: TableType
  /** Further parameters of the URL's query. */
  query?: Record<string, string>
  headers?: Record<string, string>
}

/** Writes categories with parameters beside `table_type`, such as `ttl`. */
export function writeWith(service: TestService, identifier: string, body: unknown, options: ChangeOptions) {
  return service.request('POST', entityPath(identifier, options), body, options.headers)
}

/** Merges a patch into a category; `patch` as JSON, or as it is when it is text. */
export function patchItem(
  service: TestService,
  identifier: string,
  category: string,
  patch: unknown,
  options: ChangeOptions = {},
) {
  return service.request('PATCH', categoryPath(identifier, category, options), patch, options.headers)
}

/** Deletes one category. */
export function deleteItem(service: TestService, identifier: string, category: string, options: ChangeOptions = {}) {
  return service.request('DELETE', categoryPath(identifier, category, options), undefined, options.headers)
}

/** Deletes everything that an entity has. */
export function deleteEntity(service: TestService, identifier: string, options: ChangeOptions = {}) {
  return service.request('DELETE', entityPath(identifier, options), undefined, options.headers)
}

function entityPath(identifier: string, { tableType = 'bright_uid', query = {} }: ChangeOptions): string {
  return `/api/v1/items/${encodeURIComponent(identifier)}?${new URLSearchParams({ table_type: tableType, ...query })}`
}

function categoryPath(identifier: string, category: string, options: ChangeOptions): string {
  return entityPath(identifier, options).replace('?', `/${encodeURIComponent(category)}?`)
}
