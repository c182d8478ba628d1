import { describe, expect, test } from 'vitest'
import { faultOf, load } from '../support/load-config.ts'

test('nothing configured gives the documented defaults', () => {
  const config = load({})

  expect(config).toMatchObject({
    ENVIRONMENT: 'development',
    HOST: '0.0.0.0',
    PORT: 8000,
    DEBUG: false,
    LOG_LEVEL: 'info',
    REQUEST_TIMEOUT_MS: 2000,
    BODY_LIMIT_BYTES: 4_194_304,
    STATSD_HOST: '127.0.0.1',
    STATSD_PORT: 8125,
    STATSD_PREFIX: 'feature_store',
    STATSD_FORMAT: 'dogstatsd',
    STATSD_TAG_IDENTIFIER: false,
    SLOW_REQUEST_MS: 500,
    TRUST_PROXY: false,
    store: {
      endpoint: 'embedded',
      attemptTimeoutMs: 1000,
      createTables: true,
      tableNames: { bright_uid: 'features_bright_uid', account_id: 'features_account_id' },
    },
  })
})

describe('where a value comes from', () => {
  const files = {
    '.env': 'APP_NAME=shared\nAPP_VERSION=shared\nSTATSD_PREFIX=shared\n',
    '.env.staging': 'APP_NAME=own\nAPP_VERSION=own\n',
  }

  test('a real variable wins over .env.<environment>, which wins over .env, which wins over the default', () => {
    const config = load({ ENVIRONMENT: 'staging', APP_NAME: 'real' }, files)

    expect(config).toMatchObject({ APP_NAME: 'real', APP_VERSION: 'own', STATSD_PREFIX: 'shared', STATSD_PORT: 8125 })
  })

  test('ENVIRONMENT picks the file, and no other environment is read', () => {
    const config = load({ ENVIRONMENT: 'production', AUTH: 'off' }, { ...files, '.env.production': 'APP_NAME=live' })

    expect(config).toMatchObject({ ENVIRONMENT: 'production', AUTH: 'off', APP_NAME: 'live', APP_VERSION: 'shared' })
  })

  test('without ENVIRONMENT, .env.development is read', () => {
    expect(load({}, { ...files, '.env.development': 'APP_NAME=laptop' }).APP_NAME).toBe('laptop')
  })

  test('ENVIRONMENT may be set in .env', () => {
    const config = load({}, { ...files, '.env': `ENVIRONMENT=staging\n${files['.env']}` })

    expect(config).toMatchObject({ ENVIRONMENT: 'staging', APP_NAME: 'own' })
  })

  test('a real ENVIRONMENT wins over that of .env', () => {
    const config = load({ ENVIRONMENT: 'production', AUTH: 'off' }, { ...files, '.env': 'ENVIRONMENT=staging' })

    expect(config).toMatchObject({ ENVIRONMENT: 'production', AUTH: 'off', APP_NAME: 'online-feature-store' })
  })

  test('.env.<environment> cannot name another environment than the one that picked it', () => {
    expect(load({ ENVIRONMENT: 'staging' }, { '.env.staging': 'ENVIRONMENT=production' }).ENVIRONMENT).toBe('staging')
  })

  test('an empty real variable counts as not set', () => {
    const config = load({ ENVIRONMENT: '', PORT: '', APP_NAME: '' }, { '.env': 'APP_NAME=shared' })

    expect(config).toMatchObject({ ENVIRONMENT: 'development', PORT: 8000, APP_NAME: 'shared' })
  })

  test('an empty value in a file counts as not set', () => {
    const config = load({}, { '.env': 'APP_NAME=shared\nPORT=\n', '.env.development': 'APP_NAME=\n' })

    expect(config).toMatchObject({ PORT: 8000, APP_NAME: 'shared' })
  })
})

describe('booleans', () => {
  test.each(['true', 'TRUE', 'True', '1'])('%s is true', (text) => {
    expect(load({ DEBUG: text }).DEBUG).toBe(true)
  })

  test.each(['false', 'FALSE', 'False', '0'])('%s is false', (text) => {
    expect(load({ DEBUG: text }).DEBUG).toBe(false)
  })

  test.each(['yes', 'no', 'on', 'off', '2', '-1', 'truely', 't'])('%s is refused', (text) => {
    expect(faultOf({ DEBUG: text }).message).toMatch(/^ *DEBUG: /m)
  })
})

describe('bad values', () => {
  const bad = {
    ENVIRONMENT: 'prod',
    PORT: '65536',
    DEBUG: 'maybe',
    LOG_LEVEL: 'loud',
    TABLE_NAME_BRIGHT_UID: 'a b',
    TABLE_NAME_ACCOUNT_ID: 'ab',
    DYNAMODB_ENDPOINT: 'dynamo',
    DYNAMODB_CREATE_TABLES: 'perhaps',
    REQUEST_TIMEOUT_MS: '0',
    DYNAMODB_ATTEMPT_TIMEOUT_MS: '1.5',
    BODY_LIMIT_BYTES: '4MB',
    STATSD_PORT: '0',
    STATSD_PREFIX: 'a:b|c',
    STATSD_FORMAT: 'graphite',
    STATSD_TAG_IDENTIFIER: 'sometimes',
    SLOW_REQUEST_MS: '-1',
    TRUST_PROXY: 'the-proxy.internal',
  }

  test('all of them are named in one error, an unknown ENVIRONMENT included', () => {
    const lines = faultOf(bad).message.split('\n')

    expect(lines.flatMap((line) => /^ *([A-Z_]+): ./.exec(line)?.[1] ?? []).toSorted()).toEqual(Object.keys(bad).toSorted())
  })

  test('only the bad ones are named', () => {
    const { message } = faultOf({ PORT: 'http', HOST: '127.0.0.1', STATSD_PORT: '8125' })

    expect(message.match(/^ *[A-Z_]+: /gm)).toEqual(['  PORT: '])
  })

  test('a bad value in a file is named as well', () => {
    expect(faultOf({}, { '.env': 'PORT=http' }).message).toMatch(/^ *PORT: /m)
  })

  test.each(['http', '-1', '65536', '80.5', '8e3', '0x50', ' 80', '1'.repeat(400)])('PORT=%j is refused', (PORT) => {
    expect(faultOf({ PORT }).message).toMatch(/^ *PORT: /m)
  })

  test.each(['dynamo', 'localhost:8000', 'ftp://localhost', 'http://', 'AWS'])('DYNAMODB_ENDPOINT=%j is refused', (endpoint) => {
    expect(faultOf({ DYNAMODB_ENDPOINT: endpoint }).message).toMatch(/^ *DYNAMODB_ENDPOINT: /m)
  })
})

describe('log level', () => {
  test('DEBUG=true means debug', () => {
    expect(load({ DEBUG: 'true' }).LOG_LEVEL).toBe('debug')
  })

  test('LOG_LEVEL wins over DEBUG', () => {
    expect(load({ DEBUG: 'true', LOG_LEVEL: 'warn' }).LOG_LEVEL).toBe('warn')
  })

  test('its case does not matter', () => {
    expect(load({ LOG_LEVEL: 'WARN' }).LOG_LEVEL).toBe('warn')
  })
})

test('the result is frozen, what is inside it too', () => {
  const config = load({})

  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.store)).toBe(true)
  expect(Object.isFrozen(config.store.tableNames)).toBe(true)
})
