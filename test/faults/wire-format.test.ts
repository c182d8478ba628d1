import {
  BatchGetItemCommand,
  type DynamoDBClientConfig,
  GetItemCommand,
  QueryCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb'
import { expect, test } from 'vitest'
import { createTestClient, type ServiceOverClient, startServiceOver } from '../support/service-over-client.ts'
import { startWireStore, type WireRequest } from '../support/wire-store.ts'

// Identifiers and categories may hold any character.
const USER = encodeURIComponent('größe "🦊" \\ \u2028')
const CALLS: [string, (service: ServiceOverClient) => Promise<unknown>][] = [
  ['GetItem', (service) => service.read(USER, USER)],
  ['BatchGetItem', (service) => service.readSeveral(USER, { 'a "category"': [], größe: ['f'] })],
  ['UpdateItem', (service) => service.write(USER, { 'größe "🦊"': { f: 1, 'g"\\': ['x\u2028'] } })],
  ['Query', (service) => service.readPage(USER)],
]
type MakeCommand = (input: never) => GetItemCommand | BatchGetItemCommand | UpdateItemCommand | QueryCommand

const COMMANDS: Readonly<Record<string, MakeCommand>> = {
  GetItem: (input) => new GetItemCommand(input),
  BatchGetItem: (input) => new BatchGetItemCommand(input),
  UpdateItem: (input) => new UpdateItemCommand(input),
  Query: (input) => new QueryCommand(input),
}
const CONFIGS: [string, DynamoDBClientConfig][] = [
  ['usual', {}],
  ['a session token', { credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret', sessionToken: 'a token' } }],
  ['another region', { region: 'eu-central-1' }],
]
const CASES = CALLS.flatMap(([operation, call]) => CONFIGS.map(([how, config]) => ({ operation, call, how, config })))

// What the SDK adds and DynamoDB does not need, and what is of one sending and no other.
const OF_ONE_SENDING =
  /^(user-agent|x-amz-user-agent|amz-sdk-|x-amz-date$|authorization$|connection$|accept|content-length$|x-amz-content-sha256$)/

/** A request but for what two sendings of the same do not share. */
function essenceOf({ method, path, headers, text }: WireRequest) {
  const { authorization = '' } = headers
  const [, day] = /Credential=[^/]+\/(\d{8})\//.exec(authorization) ?? []
  return {
    method,
    path,
    body: JSON.parse(text),
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_ONE_SENDING.test(name))),
    scope: authorization.split(',')[0]?.replace(String(day), 'day'),
  }
}

test.for(CASES)('$operation is on the wire what the SDK’s own client makes of it: $how', async ({ operation, call, config }) => {
  const store = await startWireStore(() => ({ status: 200, text: '{"Items":[],"Responses":{}}' }))
  const endpoint = `${store.url}/a/path`
  const service = await startServiceOver({ endpoint, ...config })
  await call(service)
  const [ours] = store.requests()
  if (ours === undefined) throw new Error('nothing was sent')

  const command = COMMANDS[operation]?.(JSON.parse(ours.text) as never)
  await createTestClient({ endpoint, ...config }).send(command as GetItemCommand)

  const theirs = store.requests().at(-1) as WireRequest
  expect(theirs.number).toBeGreaterThan(1)
  expect(essenceOf(ours)).toEqual(essenceOf(theirs))
  expect(ours.headers['content-length']).toBe(String(Buffer.byteLength(ours.text)))
})
