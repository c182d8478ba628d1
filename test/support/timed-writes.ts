import type { TableType } from '../../src/features/feature-record.ts'
import type { TestService } from './test-service.ts'

type Reply = Awaited<ReturnType<TestService['request']>>

/** What a writer may say of its write, as query parameters. */
export type WriterMetadata = Partial<Record<'source' | 'compute_id' | 'ttl' | 'event_time', string | number>>

/** The query of a write, percent-encoded. */
export function queryOf(metadata: WriterMetadata, tableType: TableType = 'bright_uid'): string {
  const parameters = Object.entries(metadata).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`)
  return `?table_type=${tableType}${parameters.join('')}`
}

/** Writes categories of one entity, with the writer's metadata. */
export function writeWith(
  service: TestService,
  identifier: string,
  categories: unknown,
  metadata: WriterMetadata,
  tableType: TableType = 'bright_uid',
): Promise<Reply> {
  const path = `/api/v1/items/${encodeURIComponent(identifier)}`
  return service.request('POST', `${path}${queryOf(metadata, tableType)}`, categories)
}

/** Writes categories of several entities, with the writer's metadata. */
export function writeEntitiesWith(
  service: TestService,
  entities: unknown,
  metadata: WriterMetadata,
  tableType: TableType = 'bright_uid',
): Promise<Reply> {
  return service.request('POST', `/api/v1/items${queryOf(metadata, tableType)}`, entities)
}

type Send = (service: TestService, identifier: string, categories: object, query: string) => Promise<Reply>

/** Both writes, as ways to write one entity's categories with a query as it is. */
export const WRITE_KINDS: { kind: string; send: Send }[] = [
  {
    kind: 'the write of one entity',
    send: (service, identifier, categories, query) => service.request('POST', `/api/v1/items/${identifier}${query}`, categories),
  },
  {
    kind: 'the write of many entities',
    send: (service, identifier, categories, query) =>
      service.request('POST', `/api/v1/items${query}`, { [identifier]: categories }),
  },
]
