import { expect } from 'vitest'
import type { ProblemCode } from '../../src/errors.ts'
import type { TestService } from './test-service.ts'

type Reply = Awaited<ReturnType<TestService['request']>>

type Problem = { status: number; code: ProblemCode; detail: string; results?: Record<string, unknown> }

/** Holds a reply against the problem that it should be, Retry-After with every 503 included; returns its body. */
export function expectProblem(reply: Reply, status: number, code: ProblemCode): Problem {
  expect(reply).toMatchObject({ status, json: { status, code } })
  expect(reply.contentType).toMatch(/^application\/problem\+json/)
  if (status === 503) expect(reply.headers['retry-after']).toMatch(/^[1-9]\d*$/)
  return reply.json as Problem
}
