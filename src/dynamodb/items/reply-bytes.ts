import type { TableType } from '../../features/feature-record.ts'
import { readItem } from './item-bytes.ts'
import { type JsonBytes, standsAt, UNUSUAL, visitElements, visitMembers } from './json-bytes.ts'
import type { ReadItem } from './read-item.ts'

/** Reads a reply that brings items as usual; undefined: it is to be parsed, which tells what is wrong with it, if anything is. */
export type ReadReply = (body: JsonBytes) => Readonly<Record<string, unknown>> | undefined

const ITEM_REPLY_NAMES = [Buffer.from('"Item"')]
const BATCH_REPLY_NAMES = [Buffer.from('"Responses"'), Buffer.from('"UnprocessedKeys"')]
const RESPONSES = 0
const NO_KEYS = Buffer.from('{}')

/**
 * Reads replies of one table straight off their bytes, each item as a ReadItem in the place where JSON.parse would have an object.
 */
export function createReplyReaders(tableName: string, tableType: TableType): { ofItem: ReadReply; ofBatch: ReadReply } {
  const table = [Buffer.from(JSON.stringify(tableName))]

  function takeItem(body: JsonBytes, at: number, found: ReadItem[]): number {
    const { item, end } = readItem(body, at, tableType)
    found.push(item)
    return end
  }

  return {
    /** GetItem's. */
    ofItem: ifUsual((body, found) => {
      const end = visitMembers(body, 0, ITEM_REPLY_NAMES, (_name, at) => takeItem(body, at, found))
      return { end, reply: { Item: found[0] } }
    }),

    /** BatchGetItem's, where it leaves nothing unprocessed. */
    ofBatch: ifUsual((body, found) => {
      const end = visitMembers(body, 0, BATCH_REPLY_NAMES, (name, at) => {
        if (name === RESPONSES) {
          return visitMembers(body, at, table, (_table, items) =>
            visitElements(body, items, (item) => takeItem(body, item, found)),
          )
        }
        if (standsAt(body, at, NO_KEYS)) return at + NO_KEYS.length
        throw UNUSUAL
      })
      return { end, reply: { Responses: { [tableName]: found } } }
    }),
  }
}

function ifUsual(read: (body: JsonBytes, found: ReadItem[]) => { end: number; reply: Record<string, unknown> }): ReadReply {
  return (body) => {
    const found: ReadItem[] = []
    try {
      const { end, reply } = read(body, found)
      return end === body.length && found.length > 0 ? reply : undefined
    } catch {
      // Not only UNUSUAL: a number that is none, or an escape. As an object the item is refused for it in words.
      return undefined
    }
  }
}
