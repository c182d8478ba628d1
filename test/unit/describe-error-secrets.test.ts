import { describe, expect, test } from 'vitest'
import { StoreError } from '../../src/errors.ts'
import { describeError } from '../../src/log/describe-error.ts'

const SECRET = 'S3CRET'

/** An error of an SDK's: known by its name. */
function errorNamed(name: string, message: string): Error {
  return Object.assign(new Error(message), { name })
}

/** Everything that the log has of it. */
function logged(error: unknown): string {
  return JSON.stringify(describeError(error))
}

/** What JSON.parse says of this text. */
function syntaxErrorOf(text: string): Error {
  try {
    JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return error
  }
  throw new Error('the text is valid JSON')
}

describe('values that a message quotes are left out', () => {
  test.for([
    `{"pin": ${SECRET}}`,
    `{"pin": "${SECRET}`,
    `${SECRET}`,
    `{"a":1}${SECRET}`,
    `{"a":'${SECRET}`,
    `{"o'b":${SECRET}}`,
    `{"a": \`${SECRET}}`,
    `["\n    at ${SECRET}"]`,
    `{"a"\n    at ${SECRET}`,
  ])('of JSON.parse on %j', (text) => {
    expect(logged(new Error('not readable', { cause: syntaxErrorOf(text) }))).not.toContain(SECRET)
    expect(logged(syntaxErrorOf(text))).not.toContain(SECRET)
  })

  test.for([
    `One or more parameter values were invalid: Type mismatch for key pin expected: S actual: ${SECRET}`,
    `The parameter cannot be converted to a numeric value: ${SECRET}`,
    `Invalid FilterExpression: "${SECRET}" is not known`,
    `Value '${SECRET}' at 'key' failed to satisfy constraint`,
    `1 validation error detected: Value '{pin={S: ${SECRET},},}' at 'item'\n    at ${SECRET}`,
  ])('of a ValidationException: %j', (message) => {
    expect(logged(errorNamed('ValidationException', message))).not.toContain(SECRET)
    expect(logged(errorNamed('SerializationException', message))).not.toContain(SECRET)
  })

  test('and what it says beside them stays', () => {
    const error = errorNamed('ValidationException', `One or more parameter values were invalid: ${SECRET}`)

    expect(describeError(error).message).toContain('One or more parameter values were invalid')
    expect(describeError(error).stack).toContain('ValidationException: One or more parameter values were invalid')
  })
})

describe('credentials that a message quotes are left out', () => {
  test.for([
    `x-amz-security-token: ${SECRET}`,
    `'POST\n/\n\nhost:dynamodb.us-east-1.amazonaws.com\nx-amz-security-token:${SECRET}\n\nhost'`,
    `https://dynamodb/?X-Amz-Security-Token=${SECRET}&X-Amz-Date=1`,
    `{"x-amz-security-token":"${SECRET}"}`,
    `{ 'x-amz-security-token': '${SECRET}' }`,
    `Authorization: Bearer ${SECRET}`,
    `authorization: Basic ${SECRET}==`,
    `x-api-key: ${SECRET}`,
    `X-API-Key=${SECRET}`,
    `secretAccessKey: "${SECRET}"`,
    `sessionToken=${SECRET}`,
    `Authorization=AWS4-HMAC-SHA256 Credential=${SECRET}/2025/us-east-1, SignedHeaders=host, Signature=${SECRET}`,
    `'${SECRET}' not a valid key=value pair (missing equal-sign) in Authorization header: '${SECRET}'.`,
  ])('%j', (message) => {
    const error = errorNamed('IncompleteSignatureException', message)

    expect(logged(error)).not.toContain(SECRET)
    expect(logged(new StoreError('STORE_UNAVAILABLE', 'failed', { cause: error }))).not.toContain(SECRET)
  })

  test('and what stands on the other lines stays', () => {
    const error = new Error(`The signature does not match\nx-amz-security-token: ${SECRET}\nx-amz-target: GetItem`)

    expect(describeError(error).message).toMatch(/^The signature does not match\n.*\nx-amz-target: GetItem$/)
  })
})
