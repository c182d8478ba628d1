import { createHash } from 'node:crypto'
import { checkCategory } from './check-names.ts'
import type { Entity } from './feature-record.ts'

/** What is wrong with a cursor that cannot be decoded. */
export const FOREIGN_CURSOR = 'must be the next_cursor of a page of this identifier and table_type'

const CHECK_BYTES = 12

/**
 * Where the next page of an entity's categories begins, opaque for clients: behind `category`. It goes with its entity alone,
 * and holds no more than a category's name: whoever makes one up reads nothing that he could not read anyway.
 */
export function encodeCursor(entity: Entity, category: string): string {
  return Buffer.concat([checkOf(entity, category), Buffer.from(category)]).toString('base64url')
}

/** The category behind which a page begins; undefined where the cursor is none of ours, or another entity's. */
export function decodeCursor(entity: Entity, cursor: string): string | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  if (bytes.length <= CHECK_BYTES || bytes.toString('base64url') !== cursor) return undefined
  const category = bytes.toString('utf8', CHECK_BYTES)
  if (checkCategory(category) !== undefined) return undefined
  return checkOf(entity, category).equals(bytes.subarray(0, CHECK_BYTES)) ? category : undefined
}

function checkOf({ tableType, identifier }: Entity, category: string): Buffer {
  const text = JSON.stringify([tableType, identifier, category])
  return createHash('sha256').update(text).digest().subarray(0, CHECK_BYTES)
}
