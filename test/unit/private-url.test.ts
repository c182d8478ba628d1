import { describe, expect, test } from 'vitest'
import { withoutPrivateValues } from '../../src/plugins/private-url.ts'

const SECRET = 'S3CRET'

describe('what stays', () => {
  test.for([
    '/api/v1/get/item/user123/trans_features',
    '/api/v1/get/item/user123/trans_features?table_type=bright_uid',
    '/api/v1/items/user123?table_type=account_id',
    '/api/v1/get/item/user123?consistent=true',
    '/api/v1/get/item/user123?consistent=false&limit=1000&table_type=bright_uid',
    '/api/v1/items?ttl=315360000',
    '/api/v1/get/item/a%20b%2Fc/d%3Fe',
    '/',
    '*',
    '',
  ])('%s stays as it is', (url) => {
    expect(withoutPrivateValues(url)).toBe(url)
  })

  test('what a writer says of its features goes, and so does a cursor, which holds a category; their names stay', () => {
    const url = '/api/v1/items/u?source=daily-job&ttl=60&compute_id=run-7&event_time=1759823206&cursor=1234567890&limit=5'

    expect(withoutPrivateValues(url)).toBe('/api/v1/items/u?source=***&ttl=60&compute_id=***&event_time=***&cursor=***&limit=5')
  })

  test('the names of parameters stay, so that one can see what was sent', () => {
    expect(withoutPrivateValues('/items?email=a@b.c&table_type=bright_uid&x-y.z=1')).toBe(
      '/items?email=***&table_type=bright_uid&x-y.z=***',
    )
  })
})

describe('what goes', () => {
  test.for([
    `/items?token=${SECRET}`,
    `/items?${SECRET}`,
    `/items?=${SECRET}`,
    `/items?a=1&b=${SECRET}&c=3`,
    `/items?table_type=bright_uid&token=${SECRET}`,
    `/items?table_type=${SECRET}`,
    `/items?table_type=bright_uid;token=${SECRET}`,
    `/items?table_type=bright_uid?token=${SECRET}`,
    `/items?table_type=bright_uid#${SECRET}`,
    `/items?table_type=bright_uid=${SECRET}`,
    `/items?table_type=a%26${SECRET}`,
    `/items?table_type=${'a'.repeat(30)}${SECRET}`,
    `/items?TABLE_TYPE=${SECRET}`,
    `/items?consistent=${SECRET}`,
    `/items?consistent=true${SECRET}`,
    `/items?consistent=true;token=${SECRET}`,
    `/items?limit=${SECRET}`,
    `/items?limit=1${SECRET}`,
    `/items?limit=5&cursor=${SECRET}`,
    `/items?ttl=1=${SECRET}`,
    `/items?ttl=60&source=${SECRET}&compute_id=${SECRET}&event_time=${SECRET}`,
    `/items?source=${SECRET}`,
    `/items?event_time=2025-10-07T07:46:26${SECRET}`,
    `/items?user[email]=${SECRET}`,
    `/items?%74oken=${SECRET}`,
    `/items?a=1=${SECRET}`,
    `/items?a=1?b=${SECRET}`,
    `/items?a&${SECRET}&b`,
    `/items??${SECRET}`,
    `/items?${'n'.repeat(50)}=${SECRET}`,
    `/items?a="${SECRET}"`,
    `/items?a=${SECRET}&a=${SECRET}`,
    `/items?a=1#${SECRET}`,
    `?${SECRET}`,
  ])('%s loses its value', (url) => {
    expect(withoutPrivateValues(url)).not.toContain(SECRET)
  })

  test('what is longer than any limit or ttl may be goes, as it may be a number of a person', () => {
    expect(withoutPrivateValues('/items?limit=44123456789&ttl=44123456789')).toBe('/items?limit=***&ttl=***')
  })

  // RFC 9112, section 3.2.2: a client may send the whole URL, and the URL may hold a password.
  test('the user and password of a whole URL go, its path stays', () => {
    const shown = withoutPrivateValues(`http://me:${SECRET}@feature-store.internal/api/v1/items/user123?a=1`)

    expect(shown).not.toContain(SECRET)
    expect(shown).toContain('/api/v1/items/user123?a=***')
  })
})

describe('how long it gets', () => {
  test('a URL of 2,048 characters is whole', () => {
    const url = `/${'a'.repeat(2047)}`

    expect(withoutPrivateValues(url)).toBe(url)
  })

  test.for([
    ['a long path', `/${'a'.repeat(16_000)}`],
    ['a long query', `/items?${'a=1&'.repeat(4000)}`],
    ['a query of ampersands', `/items?${'&'.repeat(16_000)}`],
  ] as const)('%s is cut, and one can see that it was', ([, url]) => {
    const shown = withoutPrivateValues(url)

    expect(shown.length).toBeLessThanOrEqual(2049)
    expect(shown).toMatch(/…$/)
  })
})
