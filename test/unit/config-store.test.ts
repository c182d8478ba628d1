import { describe, expect, test } from 'vitest'
import { faultOf, load } from '../support/load-config.ts'

describe('where the store is', () => {
  test.each(['staging', 'production'])('%s is on AWS and creates no tables', (ENVIRONMENT) => {
    expect(load({ ENVIRONMENT, AUTH: 'off' }).store).toMatchObject({
      endpoint: 'aws',
      createTables: false,
      dummyCredentials: false,
    })
  })

  test('development against a URL creates missing tables', () => {
    const { store } = load({ DYNAMODB_ENDPOINT: 'http://localhost:8001' })

    expect(store).toMatchObject({ endpoint: 'http://localhost:8001', createTables: true })
  })

  test('development against AWS creates no tables unasked', () => {
    expect(load({ DYNAMODB_ENDPOINT: 'aws' }).store).toMatchObject({ endpoint: 'aws', createTables: false })
  })

  test('DYNAMODB_CREATE_TABLES=false creates none in development', () => {
    const { store } = load({ DYNAMODB_ENDPOINT: 'http://localhost:8001', DYNAMODB_CREATE_TABLES: 'false' })

    expect(store.createTables).toBe(false)
  })

  test.each([
    ['staging', 'true'],
    ['staging', '1'],
    ['production', 'true'],
    ['production', 'TRUE'],
  ])('in %s DYNAMODB_CREATE_TABLES=%s is refused', (ENVIRONMENT, DYNAMODB_CREATE_TABLES) => {
    expect(faultOf({ ENVIRONMENT, DYNAMODB_CREATE_TABLES }).message).toMatch(/^ *DYNAMODB_CREATE_TABLES: .*tables:create/m)
  })

  test('that refusal does not hide the other bad values', () => {
    const { message } = faultOf({ ENVIRONMENT: 'production', AUTH: 'off', DYNAMODB_CREATE_TABLES: 'true', PORT: 'http' })

    expect(message).toMatch(/^ *DYNAMODB_CREATE_TABLES: /m)
    expect(message).toMatch(/^ *PORT: /m)
  })

  test('DYNAMODB_CREATE_TABLES=true in a file is refused in production too', () => {
    const { message } = faultOf({ ENVIRONMENT: 'production', AUTH: 'off' }, { '.env': 'DYNAMODB_CREATE_TABLES=true' })

    expect(message).toMatch(/^ *DYNAMODB_CREATE_TABLES: /m)
  })

  test('the region, the folder, the tables and the time limit reach the store', () => {
    const { store } = load({
      AWS_REGION: 'eu-west-3',
      EMBEDDED_DATA_DIR: '/somewhere',
      TABLE_NAME_BRIGHT_UID: 'users',
      TABLE_NAME_ACCOUNT_ID: 'accounts',
      DYNAMODB_ATTEMPT_TIMEOUT_MS: '77',
    })

    expect(store).toMatchObject({
      region: 'eu-west-3',
      dataDir: '/somewhere',
      tableNames: { bright_uid: 'users', account_id: 'accounts' },
      attemptTimeoutMs: 77,
    })
  })
})

describe('dummy credentials', () => {
  const LOOPBACK = ['http://localhost:8001', 'http://127.0.0.1:8001', 'http://127.1.2.3', 'https://[::1]:8001']

  test.each(['embedded', ...LOOPBACK])('are used for %s when none are configured', (DYNAMODB_ENDPOINT) => {
    expect(load({ DYNAMODB_ENDPOINT }).store.dummyCredentials).toBe(true)
  })

  test.each(LOOPBACK)('are not used for %s when the environment names some', (DYNAMODB_ENDPOINT) => {
    expect(load({ DYNAMODB_ENDPOINT, AWS_ACCESS_KEY_ID: 'key' }).store.dummyCredentials).toBe(false)
    expect(load({ DYNAMODB_ENDPOINT, AWS_PROFILE: 'mine' }).store.dummyCredentials).toBe(false)
  })

  test('never leave the process for the embedded store, whose credentials nobody checks', () => {
    expect(load({ DYNAMODB_ENDPOINT: 'embedded', AWS_ACCESS_KEY_ID: 'key' }).store.dummyCredentials).toBe(true)
  })

  test.each([
    'aws',
    'http://dynamodb:8000',
    'https://dynamodb.us-east-1.amazonaws.com',
    'http://10.0.0.1:8000',
    'http://localhost.example.com',
    'http://127.example.com',
  ])('are never used for %s', (DYNAMODB_ENDPOINT) => {
    expect(load({ DYNAMODB_ENDPOINT }).store.dummyCredentials).toBe(false)
  })
})
