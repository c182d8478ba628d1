import { createHash, createHmac } from 'node:crypto'
import { SignatureV4 } from '@smithy/signature-v4'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSigner, type ToSign } from '../../src/dynamodb/wire/signer.ts'

const AT = Date.parse('2026-01-02T03:04:05.678Z')
const DAY_MS = 86_400_000

const USUAL: ToSign = {
  host: 'dynamodb.us-east-1.amazonaws.com',
  path: '/',
  target: 'DynamoDB_20120810.GetItem',
  body: '{"TableName":"features"}',
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' },
  nowMs: AT,
}

/** SHA-256 as @smithy/signature-v4 wants it. */
class Sha256 {
  readonly #hash

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Buffer)
  }

  update(data: string | Uint8Array): void {
    this.#hash.update(data)
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }
}

/** The headers with which AWS's own signer sends the same request, those of ours given to it unsigned. */
async function signedByAws(asked: ToSign): Promise<Record<string, string>> {
  const { credentials, region, nowMs, host, path, target, body } = asked
  const { accessKeyId, secretAccessKey, sessionToken } = credentials
  const theirs = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) }
  const signer = new SignatureV4({ credentials: theirs, region, service: 'dynamodb', sha256: Sha256, applyChecksum: false })
  const request = {
    method: 'POST',
    protocol: 'https:',
    hostname: host,
    path,
    query: {},
    headers: { host, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': target },
    body,
  }
  return (await signer.sign(request, { signingDate: new Date(nowMs) })).headers
}

const CASES: [string, Partial<ToSign>][] = [
  ['the usual', {}],
  ['a session token', { credentials: { ...USUAL.credentials, sessionToken: 'AQoDYXdzEPT//////////wEXAMPLE==' } }],
  ['characters of several bytes', { body: '{"Key":{"category":{"S":"größe 🦊 \u2028"}}}' }],
  ['an empty body', { body: '' }],
  ['a port in the host', { host: 'localhost:8000' }],
  ['a path', { path: '/dynamo/db/' }],
  ['a path that is percent-encoded', { path: "/a%20b/%2F/ü(1)*'!/" }],
  ['another region', { region: 'eu-central-1' }],
  ['another operation', { target: 'DynamoDB_20120810.UpdateItem' }],
]

test.for(CASES)('a request with %s is signed as AWS’s own signer does', async ([, change]) => {
  const asked = { ...USUAL, ...change }

  const headers = createSigner()(asked)

  expect(headers).toEqual(await signedByAws(asked))
})

test('one signer goes on signing rightly as seconds, days, credentials, places and operations change', async () => {
  const { credentials } = USUAL
  const renewed = { ...credentials, accessKeyId: 'AKIDRENEWED', secretAccessKey: 'another', sessionToken: 'token' }
  const sign = createSigner()
  const steps: Partial<ToSign>[] = [
    {},
    { body: '{"another":"body"}' },
    { nowMs: AT + 321 },
    { nowMs: AT + 322 },
    { nowMs: AT + 1000 },
    { nowMs: AT },
    { nowMs: AT + DAY_MS },
    { nowMs: AT, credentials: renewed },
    { nowMs: AT },
    { region: 'eu-central-1' },
    { host: 'localhost:8000' },
    { path: '/prefix/' },
    { target: 'DynamoDB_20120810.Query' },
    { nowMs: AT - DAY_MS },
  ]

  const signed = steps.map((step) => sign({ ...USUAL, ...step }))

  expect(signed).toEqual(await Promise.all(steps.map((step) => signedByAws({ ...USUAL, ...step }))))
})

test('the day changes with its last millisecond', async () => {
  const midnight = Date.parse('2026-01-03T00:00:00.000Z')
  const sign = createSigner()

  const [before, after] = [midnight - 1, midnight].map((nowMs) => sign({ ...USUAL, nowMs }))

  expect(before?.authorization).toContain('/20260102/us-east-1/dynamodb/')
  expect(after?.authorization).toContain('/20260103/us-east-1/dynamodb/')
  expect(after).toEqual(await signedByAws({ ...USUAL, nowMs: midnight }))
})

const printable = fc.string({ unit: fc.constantFrom(...'abcXYZ019/+=-_.~'), minLength: 1, maxLength: 60 })
const segment = fc.string({ unit: fc.constantFrom(..."aZ9-_.~!*'()@:$&+,;=%üß ").filter((unit) => unit !== '.'), minLength: 1 })
const credentials = fc.record(
  { accessKeyId: printable, secretAccessKey: printable, sessionToken: printable },
  { requiredKeys: ['accessKeyId', 'secretAccessKey'], noNullPrototype: true },
)

test('whatever is sent, by whomever, whenever, is signed as AWS’s own signer does', async () => {
  const sign = createSigner()
  const asked = fc.record<ToSign>({
    host: fc.constantFrom('localhost:8000', 'dynamodb.eu-west-1.amazonaws.com', '[::1]:8000'),
    path: fc.array(segment, { maxLength: 3 }).map((segments) => `/${segments.map((text) => `${text}/`).join('')}`),
    target: fc.constantFrom('DynamoDB_20120810.GetItem', 'DynamoDB_20120810.BatchGetItem', 'DynamoDB_20120810.UpdateItem'),
    body: fc.string({ unit: 'grapheme', maxLength: 200 }),
    region: fc.constantFrom('us-east-1', 'ap-southeast-3', 'local'),
    credentials,
    nowMs: fc.integer({ min: AT, max: AT + 2 * DAY_MS }),
  })

  await fc.assert(
    fc.asyncProperty(asked, async (request) => {
      expect(sign(request)).toEqual(await signedByAws(request))
    }),
    { numRuns: 200 },
  )
})
