import type { ItemKey, TableType } from '../../features/feature-record.ts'
import { quoteText } from '../../json/quote-text.ts'
import type { TableNames } from '../tables.ts'
import type { Send } from './send.ts'

/** What all calls to DynamoDB are made with. */
export type CallContext = {
  send: Send
  tableNames: TableNames
  /** Milliseconds since the epoch, by which items expire. */
  now: () => number
}

/** A key as DynamoDB takes it, as JSON. */
export function keyJson(tableType: TableType, { identifier, category }: ItemKey): string {
  return `{"${tableType}":{"S":${quoteText(identifier)}},"category":{"S":${quoteText(category)}}}`
}

/** A key as a text that no other has: a name may hold any character. */
export function keyText({ identifier, category }: ItemKey): string {
  return `${identifier.length}:${identifier}${category}`
}
