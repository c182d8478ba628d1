import { describe, expect, test } from 'vitest'
import { faultOf, load } from '../support/load-config.ts'

describe('CORS_ORIGINS', () => {
  test('is nobody’s unless set', () => {
    expect(load({}).CORS_ORIGINS).toBeUndefined()
    expect(load({ CORS_ORIGINS: '' }).CORS_ORIGINS).toBeUndefined()
  })

  test.for([
    ['https://app.example.com', ['https://app.example.com']],
    ['http://localhost:3000', ['http://localhost:3000']],
    ['https://a.example, https://b.example:8443', ['https://a.example', 'https://b.example:8443']],
    ['http://[::1]:3000', ['http://[::1]:3000']],
    ['*', ['*']],
  ] as const)('%s is taken', ([text, origins]) => {
    expect(load({ CORS_ORIGINS: text }).CORS_ORIGINS).toEqual(origins)
  })

  test('in capitals is the origin that browsers send, which is in small letters', () => {
    expect(load({ CORS_ORIGINS: 'HTTPS://App.Example.com' }).CORS_ORIGINS).toEqual(['https://app.example.com'])
  })

  test.for([
    'app.example.com',
    'https://app.example.com/',
    'https://app.example.com/path',
    'https://app.example.com?x',
    'https://user@app.example.com',
    'https://app.example.com:443',
    'https://*.example.com',
    'https://a.example https://b.example',
    'https://a.example,',
    'https://a.example,,https://b.example',
    '*,https://a.example',
    'null',
    'file:///page',
    'ftp://a.example',
    ' ',
    'true',
  ])('%j is refused, by its name', (text) => {
    expect(faultOf({ CORS_ORIGINS: text }).message).toMatch(/^ *CORS_ORIGINS: /m)
  })
})

describe('DOCS', () => {
  test.for([
    ['development', undefined, true],
    ['staging', undefined, false],
    ['production', undefined, false],
    ['development', 'off', false],
    ['staging', 'on', true],
    ['production', 'on', true],
    ['production', 'ON', true],
    ['production', '', false],
  ] as const)('in %s, set to %j, the page is there: %s', ([ENVIRONMENT, DOCS, expected]) => {
    expect(load({ ENVIRONMENT, DOCS, AUTH: 'off' }).docs).toBe(expected)
  })

  test.for(['true', '1', 'yes', 'development'])('%j is refused, by its name', (DOCS) => {
    expect(faultOf({ DOCS }).message).toMatch(/^ *DOCS: /m)
  })
})

describe.each([
  ['RATE_LIMIT_PER_MINUTE', '0', 0],
  ['MAX_IN_FLIGHT', '1', 128],
  ['MAX_BODY_BYTES_IN_FLIGHT', '4194304', 8_388_608],
] as const)('%s', (name, least, byDefault) => {
  test(`is ${byDefault} unless set`, () => {
    expect(load({})[name]).toBe(byDefault)
  })

  test(`takes ${least} and 1000000`, () => {
    expect(load({ [name]: least })[name]).toBe(Number(least))
    expect(load({ [name]: '1000000', BODY_LIMIT_BYTES: '1000' })[name]).toBe(1_000_000)
  })

  test.for(['-1', '1.5', 'off', '1e3', '1_000', ' 1', '9'.repeat(20), 'Infinity', '0x10'])(
    '%j is refused, by its name',
    (text) => {
      expect(faultOf({ [name]: text }).message).toMatch(new RegExp(`^ *${name}: `, 'm'))
    },
  )
})

test.for(['MAX_IN_FLIGHT', 'MAX_BODY_BYTES_IN_FLIGHT'])('%s=0 is refused: nobody would be answered', (name) => {
  expect(faultOf({ [name]: '0' }).message).toMatch(new RegExp(`^ *${name}: `, 'm'))
})

test('room for all bodies is twice that for one, unless set', () => {
  expect(load({ BODY_LIMIT_BYTES: '67108865' }).MAX_BODY_BYTES_IN_FLIGHT).toBe(134_217_730)
})

test('room for all bodies that is less than one body may be is refused', () => {
  expect(faultOf({ MAX_BODY_BYTES_IN_FLIGHT: '4194303' }).message).toMatch(/^ *MAX_BODY_BYTES_IN_FLIGHT: .*BODY_LIMIT_BYTES/m)
})
