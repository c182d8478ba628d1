import { expect, test } from 'vitest'
import { answerTo } from '../../bench/support/dynamodb-answers.ts'
import { answerTextTo } from '../../bench/support/prepared-answers.ts'

const keyOf = (name: string) => ({ bright_uid: { S: name }, category: { S: 'a"b\\' } })
const KEYS = Array.from({ length: 100 }, (_, index) => keyOf(`user ${index}`))

test.for([
  ['GetItem', { TableName: 't', Key: keyOf('}},{') }],
  ['BatchGetItem', { RequestItems: { 'a"b': { Keys: KEYS }, other: { Keys: KEYS.slice(0, 1) } } }],
  ['UpdateItem', { TableName: 't', Key: keyOf('x') }],
  ['DescribeTable', { TableName: 'features_account_id' }],
] as const)('the prepared answer to %s is the one that would be put together', ([operation, asked]) => {
  const prepared = answerTextTo(operation, JSON.stringify(asked))

  expect(JSON.parse(prepared)).toEqual(answerTo(operation, asked as Parameters<typeof answerTo>[1]))
})
