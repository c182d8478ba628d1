import { describe, expect, test } from 'vitest'
import { StoreError, WriteError } from '../../src/errors.ts'
import { describeError } from '../../src/log/describe-error.ts'

const SECRET = 'S3CRET'

/** Everything that the log has of it. */
function logged(error: unknown): string {
  return JSON.stringify(describeError(error))
}

describe('the stack', () => {
  test('begins with the error and holds its frames', () => {
    expect(describeError(new TypeError('a bug of ours')).stack).toMatch(
      /^TypeError: a bug of ours\n {4}at .*describe-error\.test\.ts:\d+/,
    )
  })

  test('goes on with each cause’s', () => {
    const root = new Error('connect ECONNREFUSED')
    const middle = new Error('what the SDK threw', { cause: root })

    const { stack } = describeError(new StoreError('STORE_UNAVAILABLE', 'what the client reads', { cause: middle }))

    const heads = stack.split('\n').filter((line) => !line.startsWith('    at '))
    expect(heads).toEqual([
      'StoreError: what the client reads',
      'caused by: Error: what the SDK threw',
      'caused by: Error: connect ECONNREFUSED',
    ])
  })

  test('ends, where causes go round in a circle', () => {
    const one = new Error('one')
    const other = new Error('other', { cause: one })
    one.cause = other

    expect(describeError(one).stack.length).toBeLessThan(20_000)
  })
})

test('an error has its type, message and code', () => {
  const error = Object.assign(new RangeError('too far'), { code: 'ERR_TOO_FAR' })

  expect(describeError(error)).toMatchObject({ type: 'RangeError', message: 'too far', code: 'ERR_TOO_FAR' })
})

test('of a write’s failures each kind is told once', () => {
  const throttled = () => new StoreError('STORE_THROTTLED', 'throttled')
  const failures = [throttled(), new TypeError('a bug of ours'), throttled()]

  const told = describeError(new WriteError('STORE_THROTTLED', 'three failed', { results: {}, failures }))

  expect(told.failures).toMatchObject([{ code: 'STORE_THROTTLED' }, { type: 'TypeError', message: 'a bug of ours' }])
})

test.for([
  ['requests and replies', { $response: { body: SECRET }, config: { headers: { authorization: SECRET } }, request: SECRET }],
  ['a code that is no text', { code: { [SECRET]: SECRET } }],
  ['results', { results: { [SECRET]: SECRET } }],
] as const)('%s that hang on an error are left out', ([, more]) => {
  expect(logged(Object.assign(new Error('failed'), more))).not.toContain(SECRET)
})

test.for([SECRET, 42, null, undefined, { message: SECRET, stack: SECRET }] as const)(
  'thrown, and no error (%j): it is said so, without its content',
  (thrown) => {
    expect(describeError(thrown)).toMatchObject({ type: typeof thrown, message: expect.stringMatching(/./) })
    expect(logged(thrown)).not.toContain(SECRET)
  },
)

test.for([
  ['no message', { message: undefined }],
  ['a message that is no text', { message: { text: SECRET } }],
  ['no stack', { stack: undefined }],
  ['no name', { name: undefined }],
] as const)('an error with %s is described all the same', ([, odd]) => {
  const error = Object.assign(new Error('failed'), odd)

  expect(describeError(error)).toMatchObject({ stack: expect.any(String) })
})
