import { expect, test } from 'vitest'
import { toStoreError, withDoubt } from '../../src/dynamodb/calls/store-errors.ts'
import { RequestAbortedError, StaleWriteError, StoreError } from '../../src/errors.ts'

const SUBJECT = { operation: 'UpdateItem', tableName: 'features_bright_uid' }

function faultOf(code: string, syscall?: string): StoreError {
  const fault = toStoreError(Object.assign(new Error(code), { code, ...(syscall ? { syscall } : {}) }), SUBJECT)
  if (fault instanceof StoreError) return fault
  throw fault
}

test.for([
  ['ECONNREFUSED', 'connect'],
  ['ENOTFOUND', 'getaddrinfo'],
  ['EHOSTUNREACH', 'connect'],
  ['CERT_HAS_EXPIRED', undefined],
  ['ERR_TLS_CERT_ALTNAME_INVALID', undefined],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', undefined],
] as const)('%s by %s came before anything was sent: not applied', ([code, syscall]) => {
  expect(faultOf(code, syscall)).toMatchObject({ code: 'STORE_UNAVAILABLE', mayHaveApplied: false })
})

test.for([
  ['ECONNRESET', 'read'],
  ['EPIPE', 'write'],
  ['EHOSTUNREACH', 'read'],
  ['ENETUNREACH', 'write'],
  ['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', undefined],
  ['EPROTO', 'write'],
] as const)('%s by %s may have come after the call: it may have been applied', ([code, syscall]) => {
  expect(faultOf(code, syscall)).toMatchObject({ code: 'STORE_UNAVAILABLE', mayHaveApplied: true })
})

test.for([
  ['CERT_HAS_EXPIRED', /certificate/],
  ['EPROTO', /scheme/],
  ['ENOTFOUND', /DYNAMODB_ENDPOINT/],
  ['ECONNREFUSED', /DYNAMODB_ENDPOINT/],
] as const)('of %s the operator is told what to look at', ([code, words]) => {
  expect(faultOf(code).advice).toMatch(words)
})

test('a hang-up after an attempt that may have been applied is a hang-up, and no bug of ours', () => {
  const hangUp = new RequestAbortedError()

  expect(withDoubt(hangUp, true)).toBe(hangUp)
})

test('a refusal by event time after an attempt that may have been applied still tells the stored one', () => {
  const stale = withDoubt(new StaleWriteError('2025-10-07T07:46:26.943Z'), true)

  expect(stale).toBeInstanceOf(StaleWriteError)
  expect(stale).toMatchObject({ code: 'STALE_WRITE', storedEventTime: '2025-10-07T07:46:26.943Z', mayHaveApplied: true })
})
