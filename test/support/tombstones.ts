import { expect } from 'vitest'
import type { TableType } from '../../src/features/feature-record.ts'
import type { Item } from './test-service.ts'

const HOUR_SECONDS = 3600

/**
 * Holds a stored item against what a delete leaves: the key, when it was, and that DynamoDB is to throw it away an hour
 * later; nothing else.
 * @param afterMs, beforeMs the delete was between them, in milliseconds since the epoch.
 */
export function expectTombstone(
  item: Item | undefined,
  key: { identifier: string; category: string; tableType?: TableType },
  [afterMs, beforeMs]: [number, number],
): void {
  const { identifier, category, tableType = 'bright_uid' } = key
  expect(item).toStrictEqual({
    [tableType]: { S: identifier },
    category: { S: category },
    version: { N: expect.toSatisfy(isBetween(afterMs, beforeMs)) },
    deleted: { S: expect.any(String) },
    buried: expect.any(Object),
    expires_at: { N: expect.toSatisfy(isBetween(afterMs / 1000 + HOUR_SECONDS - 1, beforeMs / 1000 + HOUR_SECONDS + 1)) },
  })
}

function isBetween(from: number, to: number): (text: string) => boolean {
  return (text) => Number(text) >= from && Number(text) <= to
}
