type Key = Record<string, unknown>
type Input = { TableName?: string; Key?: Key; RequestItems?: Record<string, { Keys?: Key[] }> }

const TIMESTAMP = { S: '2025-10-07T07:46:26.943Z' }
const FEATURES = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`feature_${index}`, { N: `${index}.25` }]))
const METADATA = { updated_at: TIMESTAMP, source: { S: 'api' }, compute_id: { S: 'None' }, ttl: { S: 'None' } }

/** What a DynamoDB says in which every item is there, with ten features; it takes every update. */
export function answerTo(operation: string, input: Input): object {
  const { TableName: tableName = '', Key: key = {}, RequestItems: items = {} } = input
  if (operation === 'GetItem') return { Item: itemAt(key) }
  if (operation === 'DescribeTable') return { Table: { TableStatus: 'ACTIVE', KeySchema: keySchemaOf(tableName) } }
  if (operation !== 'BatchGetItem') return {}
  const responses = Object.entries(items).map(([table, { Keys: keys = [] }]) => [table, keys.map(itemAt)])
  return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} }
}

function itemAt(key: Key) {
  return { ...key, features: { M: { data: { M: FEATURES }, metadata: { M: METADATA } } }, created_at: TIMESTAMP }
}

/** A table's key has the name that the table's ends with. */
function keySchemaOf(tableName: string) {
  const partitionKey = tableName.endsWith('account_id') ? 'account_id' : 'bright_uid'
  return [
    { AttributeName: partitionKey, KeyType: 'HASH' },
    { AttributeName: 'category', KeyType: 'RANGE' },
  ]
}
