import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { PROJECT_ROOT } from '../support/child-process.ts'
import { faultOf, load } from '../support/load-config.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

describe('SLOW_REQUEST_MS', () => {
  test.for([
    ['1', 1],
    ['250', 250],
    ['86400000', 86_400_000],
  ] as const)('%s is taken', ([text, ms]) => {
    expect(load({ SLOW_REQUEST_MS: text }).SLOW_REQUEST_MS).toBe(ms)
  })

  test.for(['0', '-1', '0.5', '500ms', 'never', '86400001'])('%s is refused, by its name', (text) => {
    expect(faultOf({ SLOW_REQUEST_MS: text }).message).toMatch(/^ *SLOW_REQUEST_MS: /m)
  })
})

describe('STATSD_FORMAT', () => {
  test.for(['dogstatsd', 'telegraf'])('%s is taken', (text) => {
    expect(load({ STATSD_FORMAT: text }).STATSD_FORMAT).toBe(text)
  })

  test.for(['influx', 'graphite', 'dogstatsd,telegraf', 'true'])('%s is refused, with those that there are', (text) => {
    expect(faultOf({ STATSD_FORMAT: text }).message).toMatch(/^ *STATSD_FORMAT: .*dogstatsd.*telegraf/m)
  })
})

describe('STATSD_TAG_IDENTIFIER', () => {
  test.for([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ] as const)('%s is taken', ([text, expected]) => {
    expect(load({ STATSD_TAG_IDENTIFIER: text }).STATSD_TAG_IDENTIFIER).toBe(expected)
  })

  test.for(['yes', 'identifier', '2'])('%s is refused, by its name', (text) => {
    expect(faultOf({ STATSD_TAG_IDENTIFIER: text }).message).toMatch(/^ *STATSD_TAG_IDENTIFIER: /m)
  })

  test.for([
    ['development', true],
    ['staging', false],
    ['production', false],
  ] as const)('in %s, with the project’s own file, it is %s', ([environment, expected]) => {
    const folder = temporaryFolder()
    const file = `.env.${environment}`
    copyFileSync(join(PROJECT_ROOT, file), join(folder, file))

    expect(loadConfig({ ENVIRONMENT: environment, AUTH: 'off' }, folder).STATSD_TAG_IDENTIFIER).toBe(expected)
  })
})

describe('TRUST_PROXY', () => {
  test.for([
    ['false', false],
    ['FALSE', false],
    ['true', true],
    ['10.0.0.1', ['10.0.0.1']],
    ['10.0.0.0/8', ['10.0.0.0/8']],
    ['::1', ['::1']],
    ['fd00::/8', ['fd00::/8']],
    ['loopback', ['loopback']],
    ['loopback, 10.0.0.0/8 ,uniquelocal', ['loopback', '10.0.0.0/8', 'uniquelocal']],
  ] as const)('%s is taken', ([text, expected]) => {
    expect(load({ TRUST_PROXY: text }).TRUST_PROXY).toEqual(expected)
  })

  test.for([
    '1',
    'yes',
    'proxy.internal',
    '10.0.0',
    '10.0.0.1:8080',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '10.0.0.0/8/8',
    '10.0.0.0/',
    '::1/129',
    '10.0.0.1,',
    'loopback,true',
    'Loopback',
    '*',
  ])('%s is refused, by its name', (text) => {
    expect(faultOf({ TRUST_PROXY: text }).message).toMatch(/^ *TRUST_PROXY: /m)
  })
})
