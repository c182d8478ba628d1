import { describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/api-keys.ts'
import { loadConfig } from '../../src/config.ts'
import { hashIn } from '../support/key-holders.ts'
import { faultOf, load } from '../support/load-config.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'

const { entry: ENTRY } = createApiKey('scoring', 'read')
const { entry: OTHER_ENTRY } = createApiKey('nightly-job', 'write')

/** The variables that an error names, once for each of its lines. */
function namesIn({ message }: Error): string[] {
  return [...message.matchAll(/^ *([A-Z_]+): ./gm)].map(([, name = '']) => name)
}

describe('who gets in', () => {
  test('is who has one of API_KEYS', () => {
    const { apiKeys } = load({ API_KEYS: `${ENTRY}, ${OTHER_ENTRY}` })

    expect(apiKeys).toMatchObject([
      { name: 'scoring', scope: 'read' },
      { name: 'nightly-job', scope: 'write' },
    ])
  })

  test.for(['development', 'staging', 'production'])(
    'is who has one of API_KEYS in %s, with AUTH=on or without',
    (ENVIRONMENT) => {
      expect(load({ ENVIRONMENT, API_KEYS: ENTRY }).apiKeys).toHaveLength(1)
      expect(load({ ENVIRONMENT, API_KEYS: ENTRY, AUTH: 'on' }).apiKeys).toHaveLength(1)
    },
  )

  test.for(['off', 'OFF', 'Off'])('is everybody in production where AUTH=%s says so', (AUTH) => {
    expect(load({ ENVIRONMENT: 'production', AUTH }).apiKeys).toBeUndefined()
  })

  test.for(['development', 'staging'])('is everybody in %s where nothing is said', (ENVIRONMENT) => {
    expect(load({ ENVIRONMENT }).apiKeys).toBeUndefined()
  })

  test('may be said in a file', () => {
    const files = { '.env.production': `API_KEYS="${ENTRY}\n${OTHER_ENTRY}"` }

    expect(load({ ENVIRONMENT: 'production' }, files).apiKeys).toHaveLength(2)
  })
})

describe('is refused', () => {
  test.for([
    ['production without either', { ENVIRONMENT: 'production' }, ['API_KEYS']],
    ['production with an empty API_KEYS', { ENVIRONMENT: 'production', API_KEYS: '' }, ['API_KEYS']],
    ['production with AUTH=on alone', { ENVIRONMENT: 'production', AUTH: 'on' }, ['AUTH']],
    ['AUTH=on without keys', { AUTH: 'on' }, ['AUTH']],
    ['AUTH=off with keys', { AUTH: 'off', API_KEYS: ENTRY }, ['AUTH']],
    ['an AUTH that is neither', { AUTH: 'none' }, ['AUTH']],
    ['AUTH=false', { AUTH: 'false' }, ['AUTH']],
    ['API_KEYS of white space', { API_KEYS: ' ' }, ['API_KEYS']],
    ['API_KEYS of white space in production', { ENVIRONMENT: 'production', API_KEYS: ' ' }, ['API_KEYS']],
    ['a key that is no entry', { API_KEYS: 'fs_secret' }, ['API_KEYS']],
    ['two bad entries', { API_KEYS: 'one two' }, ['API_KEYS', 'API_KEYS']],
  ] as const)('%s', ([, environment, names]) => {
    expect(namesIn(faultOf(environment))).toEqual(names)
  })

  test('production whose file says AUTH=off while its environment has keys', () => {
    const fault = faultOf({ ENVIRONMENT: 'production', API_KEYS: ENTRY }, { '.env': 'AUTH=off' })

    expect(namesIn(fault)).toEqual(['AUTH'])
  })

  test('production that only another environment’s file opens', () => {
    const fault = faultOf({ ENVIRONMENT: 'production' }, { '.env.staging': 'AUTH=off', '.env.development': 'AUTH=off' })

    expect(namesIn(fault)).toEqual(['API_KEYS'])
  })
})

test('every bad variable is named together, the contradictions among them', () => {
  const fault = faultOf({
    ENVIRONMENT: 'production',
    API_KEYS: 'x',
    AUTH: 'off',
    PORT: 'http',
    CORS_ORIGINS: 'here',
    DOCS: 'yes',
  })

  expect(namesIn(fault).toSorted()).toEqual(['API_KEYS', 'AUTH', 'CORS_ORIGINS', 'DOCS', 'PORT'])
})

test('a message that names a bad entry has no hash of any', () => {
  const { message } = faultOf({ API_KEYS: `${ENTRY} ${OTHER_ENTRY} ${ENTRY} broken:read:${hashIn(ENTRY)}0` })

  expect(message).toMatch(/entry 4 \(broken\)/)
  expect(message).not.toContain(hashIn(ENTRY))
  expect(message).not.toContain(hashIn(OTHER_ENTRY))
})

test('who creates tables in production lets nobody in, and need not say who gets in', () => {
  const config = loadConfig({ ENVIRONMENT: 'production' }, temporaryFolder(), 'tables')

  expect(config.ENVIRONMENT).toBe('production')
})
