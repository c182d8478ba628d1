import type { Item } from './test-service.ts'

const WRITTEN = { S: '2025-01-01T00:00:00.000Z' }

/** An item as the service stores it, whose feature `f` is its category; with `expiresAt`, in seconds since the epoch, a ttl. */
export function storedItem(identifier: string, category: string, expiresAt?: number): Item {
  const ttl = expiresAt === undefined ? { S: 'None' } : { N: '60' }
  const metadata = { updated_at: WRITTEN, source: { S: 'api' }, compute_id: { S: 'None' }, ttl }
  return {
    bright_uid: { S: identifier },
    category: { S: category },
    features: { M: { data: { M: { f: { S: category } } }, metadata: { M: metadata } } },
    created_at: WRITTEN,
    version: { N: String(Date.parse(WRITTEN.S)) },
    ...(expiresAt === undefined ? {} : { expires_at: { N: String(expiresAt) } }),
  }
}
