import fc from 'fast-check'
import { requests } from './arbitrary-requests.ts'
import { mutated } from './mutations.ts'
import { requestText } from './raw-client.ts'

const anyBytes = fc.string({ unit: fc.nat(255).map((byte) => String.fromCharCode(byte)), maxLength: 300 })

/** Requests that something happened to, and bytes that never were one, as latin1. */
export const arbitraryBytes = fc.oneof(
  { arbitrary: mutated(requests), weight: 6 },
  { arbitrary: anyBytes, weight: 1 },
  // As headers, and as a body, of a request that is otherwise good.
  { arbitrary: anyBytes.map((text) => `GET /health/live HTTP/1.1\r\nhost: x\r\n${text}\r\n\r\n`), weight: 1 },
  { arbitrary: anyBytes.map((text) => requestText('POST', '/api/v1/items/victim', {}, text)), weight: 1 },
)
