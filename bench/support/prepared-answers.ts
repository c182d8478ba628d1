import { answerTo } from './dynamodb-answers.ts'

type Key = Record<string, unknown>
type Asked = { TableName?: string; Key?: Key; RequestItems?: Record<string, { Keys?: Key[] }> }

// Of an item, all but its key is the same always; so are the answers that hold no item.
const EMPTY_ITEM_ANSWER = JSON.stringify(answerTo('GetItem', { Key: {} }))
const ITEM_REST = EMPTY_ITEM_ANSWER.slice('{"Item":{'.length, -1)

/** The text of what `answerTo` says, from ready pieces: a stand-in that serializes would take CPU time from what it serves. */
export function answerTextTo(operation: string, body: string): string {
  if (operation === 'DescribeTable') return JSON.stringify(answerTo(operation, JSON.parse(body)))
  // Without an operation, somebody asks whether anybody is there.
  if (operation === 'UpdateItem' || operation === '') return '{}'
  if (operation !== 'GetItem' && operation !== 'BatchGetItem') throw new Error(`the stand-in does not know ${operation}`)
  const { Key: key = {}, RequestItems: items = {} }: Asked = JSON.parse(body)
  if (operation === 'GetItem') return `{"Item":${itemText(key)}}`
  const tables = Object.entries(items).map(
    ([table, { Keys: keys = [] }]) => `${JSON.stringify(table)}:[${keys.map(itemText).join(',')}]`,
  )
  return `{"Responses":{${tables.join(',')}},"UnprocessedKeys":{}}`
}

function itemText(key: Key): string {
  return `${JSON.stringify(key).slice(0, -1)},${ITEM_REST}`
}
