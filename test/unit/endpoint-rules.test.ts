import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createEndpoints, type Endpoint } from '../../src/dynamodb/wire/endpoint.ts'

const CREDENTIALS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' }
const WITH_ACCOUNT = { ...CREDENTIALS, accountId: '123456789012' }
const TABLE = 'features'

beforeEach(() => {
  // What this machine's own configuration says is no part of the test.
  vi.stubEnv('AWS_CONFIG_FILE', '/dev/null').stubEnv('AWS_SHARED_CREDENTIALS_FILE', '/dev/null')
  vi.stubEnv('AWS_ENDPOINT_URL', undefined).stubEnv('AWS_ENDPOINT_URL_DYNAMODB', undefined)
})

afterEach(() => {
  vi.unstubAllEnvs()
})

async function endpointBy(config: DynamoDBClientConfig, tableName = TABLE): Promise<Endpoint> {
  const client = new DynamoDBClient({ region: 'eu-west-1', credentials: CREDENTIALS, ...config })
  onTestFinished(() => client.destroy())
  return createEndpoints(client.config)(await client.config.credentials(), tableName)
}

test('without anything else, calls go to the region’s endpoint', async () => {
  expect(await endpointBy({})).toEqual({
    protocol: 'https:',
    hostname: 'dynamodb.eu-west-1.amazonaws.com',
    port: undefined,
    host: 'dynamodb.eu-west-1.amazonaws.com',
    path: '/',
    region: 'eu-west-1',
  })
})

test.for<[url: string, expected: Partial<Endpoint>]>([
  ['http://localhost:8000', { protocol: 'http:', hostname: 'localhost', port: 8000, host: 'localhost:8000', path: '/' }],
  [
    'https://store.example/',
    { protocol: 'https:', hostname: 'store.example', port: undefined, host: 'store.example', path: '/' },
  ],
  ['http://127.0.0.1:8000/dynamo/db', { port: 8000, path: '/dynamo/db/' }],
  ['http://127.0.0.1:8000/dynamo/db/', { port: 8000, path: '/dynamo/db/' }],
])('an endpoint of ours is taken as it is: %s', async ([endpoint, expected]) => {
  expect(await endpointBy({ endpoint })).toMatchObject({ ...expected, region: 'eu-west-1' })
})

test('AWS_ENDPOINT_URL_DYNAMODB is where calls go, and wins over AWS_ENDPOINT_URL', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', 'http://for-all-services:1')
  const ofAll = await endpointBy({})
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://for-dynamodb:2')
  const ofDynamoDB = await endpointBy({})

  expect([ofAll.host, ofDynamoDB.host]).toEqual(['for-all-services:1', 'for-dynamodb:2'])
})

test('an endpoint of ours wins over AWS_ENDPOINT_URL_DYNAMODB', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://of-the-environment:1')

  expect(await endpointBy({ endpoint: 'http://ours:2' })).toMatchObject({ host: 'ours:2' })
})

test.for<[string, DynamoDBClientConfig, host: string]>([
  ['preferred', { accountIdEndpointMode: 'preferred', credentials: WITH_ACCOUNT }, '123456789012.ddb.eu-west-1.amazonaws.com'],
  ['disabled', { accountIdEndpointMode: 'disabled', credentials: WITH_ACCOUNT }, 'dynamodb.eu-west-1.amazonaws.com'],
  ['preferred and unknown', { accountIdEndpointMode: 'preferred', credentials: CREDENTIALS }, 'dynamodb.eu-west-1.amazonaws.com'],
])('where the account’s own endpoint is %s', async ([, config, host]) => {
  expect(await endpointBy(config)).toMatchObject({ protocol: 'https:', host, region: 'eu-west-1' })
})

test.for<[string, DynamoDBClientConfig, host: string]>([
  ['FIPS', { useFipsEndpoint: true, region: 'us-east-1' }, 'dynamodb-fips.us-east-1.amazonaws.com'],
  ['China', { region: 'cn-north-1' }, 'dynamodb.cn-north-1.amazonaws.com.cn'],
])('the SDK’s rules for %s are kept', async ([, config, host]) => {
  expect(await endpointBy(config)).toMatchObject({ host })
})

test('when the credentials are of another account, so is the endpoint', async () => {
  let accountId = '111111111111'
  // Expired at once, so that each call asks for them anew.
  const credentials = async () => ({ ...CREDENTIALS, accountId, expiration: new Date(Date.now() + 1000) })
  const client = new DynamoDBClient({ region: 'eu-west-1', credentials, accountIdEndpointMode: 'preferred' })
  onTestFinished(() => client.destroy())
  const endpointOf = createEndpoints(client.config)

  const first = await endpointOf(await client.config.credentials(), TABLE)
  accountId = '222222222222'
  const second = await endpointOf(await client.config.credentials(), TABLE)

  expect([first.hostname, second.hostname].map((name) => name.slice(0, 12))).toEqual(['111111111111', '222222222222'])
})

test('an endpoint that cannot be found is looked for again by the next call', async () => {
  let region = Promise.reject<string>(new Error('no region yet'))
  region.catch(() => {})
  const client = new DynamoDBClient({ region: () => region, credentials: CREDENTIALS })
  onTestFinished(() => client.destroy())
  const endpointOf = createEndpoints(client.config)
  const credentials = await client.config.credentials()

  const first = await endpointOf(credentials, TABLE).catch((error: unknown) => error)
  region = Promise.resolve('eu-west-1')
  const second = await endpointOf(credentials, TABLE)

  expect(first).toBeInstanceOf(Error)
  expect(second.hostname).toBe('dynamodb.eu-west-1.amazonaws.com')
})
