import type { ItemKey, TableType } from '../../features/feature-record.ts'
import type { Item } from '../items/stored-state.ts'
import type { TableNames } from '../tables.ts'
import type { Send } from './send.ts'

/** What all calls to DynamoDB are made with. */
export type CallContext = {
  send: Send
  tableNames: TableNames
  /** Milliseconds since the epoch, by which items expire. */
  now: () => number
}

/** A key as DynamoDB takes it. */
export function keyFor(tableType: TableType, { identifier, category }: ItemKey): Item {
  return { [tableType]: { S: identifier }, category: { S: category } }
}
