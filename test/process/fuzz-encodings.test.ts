import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BODY } from '../support/bad-http.ts'
import { expectAnswers, type FuzzCase } from '../support/fuzz-cases.ts'
import { FUZZ_TIMEOUT_MS, fuzzRuns } from '../support/fuzz-settings.ts'
import { type FuzzTarget, startFuzzTarget } from '../support/fuzz-target.ts'
import { decoded, ODD_ESCAPES, pathSegment } from '../support/percent-encodings.ts'
import { requestText } from '../support/raw-client.ts'

const AT_ONCE = 8

/** Writes to the entity that a segment stands for, and says what is not as it should be. */
async function faultsOfWrite(target: FuzzTarget, segment: string): Promise<string[]> {
  const identifier = decoded(segment)
  const { faults, replies } = await target.send(requestText('POST', `/api/v1/items/${segment}`, {}, BODY), { whole: true })
  const [reply] = replies
  const answer = JSON.parse(Buffer.from(reply?.body ?? 'null', 'latin1').toString())
  const expected = identifier === undefined ? { status: 400, code: 'MALFORMED_URL' } : { status: 200, identifier }
  const actual = {
    status: reply?.status,
    ...(identifier === undefined ? { code: answer.code } : { identifier: answer.identifier }),
  }
  const isTrue = JSON.stringify(actual) === JSON.stringify(expected)
  return [...faults, ...(isTrue ? [] : [`answered ${JSON.stringify(actual)}, not ${JSON.stringify(expected)}`])].map(
    (fault) => `${segment}: ${fault}`,
  )
}

test(
  'a segment of a path stands for what its bytes are in UTF-8, decoded once, or is refused',
  async () => {
    const target = await startFuzzTarget()
    const property = fc.asyncProperty(fc.array(pathSegment, { maxLength: AT_ONCE }), async (segments) => {
      const faults = await Promise.all(segments.map((segment) => faultsOfWrite(target, segment)))

      expect(faults.flat()).toEqual([])
    })

    const odd = await Promise.all(ODD_ESCAPES.map((segment) => faultsOfWrite(target, segment)))
    expect(odd.flat()).toEqual([])
    await fc.assert(property, fuzzRuns(40))
    await target.expectUnharmed()
  },
  FUZZ_TIMEOUT_MS,
)

const read = (target: string) => requestText('GET', target)
const KNOWN = '/api/v1/get/item/known/cat'
const ask = (status: number, targets: readonly string[]): FuzzCase[] =>
  targets.map((target) => [target.slice(0, 80), read(target), [status]])

test('queries of every kind are read as they are written, and paths that stand for others are none', () =>
  expectAnswers([
    ...ask(
      200,
      ODD_ESCAPES.map((odd) => `${KNOWN}?${odd}&a=${odd}&${odd}=${odd}`),
    ),
    ...ask(
      200,
      ['?', '&', '=', '&&&&', '?=?=?', `${'a&'.repeat(5000)}`, `${'a[b]['.repeat(2000)}`, '%'.repeat(10_000)].map(
        (query) => `${KNOWN}?${query}`,
      ),
    ),
    ...ask(
      200,
      ['table_type=bright_uid', 'table%5Ftype=bright%5fuid', '__proto__[table_type]=x', '__proto__.table_type=x'].map(
        (query) => `${KNOWN}?${query}`,
      ),
    ),
    ...ask(
      200,
      ['constructor[prototype][a]=b', '__proto__=a&__proto__=b', 'hasOwnProperty=a', 'toString', 'table_type[]=x'].map(
        (query) => `${KNOWN}?${query}`,
      ),
    ),
    ...ask(
      400,
      ['table_type', 'table_type=%', 'table_type=%00', 'table_type=__proto__', 'table_type=constructor', 'table_type=%ff'].map(
        (query) => `${KNOWN}?${query}`,
      ),
    ),
    ...ask(
      400,
      [`table_type=${'bright_uid&table_type='.repeat(500)}`, 'table_type=+bright_uid', 'table_type=bright%5Fuid%00'].map(
        (query) => `${KNOWN}?${query}`,
      ),
    ),
    ...ask(404, ['/api/v1/get/item%2Fknown/cat', '/api%2fv1/get/item/known/cat', `${KNOWN}/`, `/${KNOWN}`]),
    ...ask(404, [
      '/api/v1/get/item/./known/cat',
      '/api/v1/../v1/get/item/known/cat',
      '/api/v1/get/item/known/cat%20',
      '/api/v1/get/item/known/.',
    ]),
    ...ask(400, ['/%', '/%c0%af', '/api/v1/%ff', '/api/v1/get/item/known/cat%', '/api/v1/get/item/%/cat?%', '/health/live%']),
    // All that the entity known/cat has.
    ...ask(404, ['/api/v1/get/item/known%2Fcat']),
    ...ask(422, ['/api/v1/get/item//cat', '/api/v1/get/item/known/', `/api/v1/get/item/${'%41'.repeat(2049)}/cat`]),
    ...ask(404, [
      `/api/v1/get/item/${'%C3%A9'.repeat(1024)}/cat`,
      `/${'%2F'.repeat(5000)}`,
      `/${'/'.repeat(15_000)}`,
      `/${'../'.repeat(5000)}`,
    ]),
    ['bytes of UTF-8 as they are', read('/api/v1/get/item/\xc3\xa9/cat'), [400], 'ends'],
    ['bytes of UTF-8 in a query', read(`${KNOWN}?\xc3\xa9`), [400], 'ends'],
  ]))
