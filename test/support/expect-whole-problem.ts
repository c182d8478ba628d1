import { expect } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import type { RawReply } from './raw-http.ts'

const URI = /^[a-z][a-z0-9+.-]*:\S+$/

export type WholeReply = Pick<RawReply, 'status' | 'json'> & { headers: Record<string, unknown> }
export type ExpectedProblem = { status: number; code: ProblemCode; instance?: string; detail?: string }

/** The whole of a problem, nothing left out and nothing added. */
export function expectWholeProblem(reply: WholeReply, { status, code, instance, detail }: ExpectedProblem) {
  expect(reply.status).toBe(status)
  expect(reply.headers['content-type']).toMatch(/^application\/problem\+json(;|$)/)
  const fault = { path: expect.stringMatching(/./), message: expect.stringMatching(/./) }
  expect(reply.json).toStrictEqual({
    type: expect.stringMatching(URI),
    title: expect.stringMatching(/./),
    status,
    detail: detail ?? expect.stringMatching(/./),
    instance: instance ?? expect.any(String),
    code,
    request_id: reply.headers['x-request-id'],
    ...(code === 'VALIDATION_FAILED' ? { errors: expect.arrayContaining([expect.objectContaining(fault)]) } : {}),
  })
}
