import { z } from 'zod'
import { PROBLEMS, type ProblemCode } from '../errors.ts'

const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]

const writeResult = z.union([
  z.strictObject({ status: z.literal('replaced'), feature_count: z.int().nonnegative() }),
  z.strictObject({ status: z.enum(['failed', 'unknown']), code: z.enum(codes) }),
])

const problem = z
  .strictObject({
    type: z.string().meta({ description: 'A URI of the kind of problem, one for each code' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().meta({ description: 'What went wrong and what to do about it' }),
    instance: z.string().meta({ description: 'The path that was asked for' }),
    code: z.enum(codes),
    request_id: z.string().meta({ description: 'The same as the x-request-id header, and in the logs' }),
    errors: z
      .array(z.strictObject({ path: z.string(), message: z.string() }))
      .optional()
      .meta({ description: 'With VALIDATION_FAILED: each fault with its JSONPath in the body, or its parameter' }),
    results: z
      .record(z.string(), writeResult)
      .optional()
      .meta({ description: 'With a failed write: each category as replaced, failed, or unknown (it may have been applied)' }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457 problem details' })

type Problems = Partial<Record<ProblemCode, string>>

/** The error responses of a route, for its `response` schema: one for each status, its codes and when they occur. */
export function problemResponses(problems: Problems) {
  const descriptions = new Map<number, string[]>()
  for (const [code, when] of Object.entries(problems) as [ProblemCode, string][]) {
    const { status } = PROBLEMS[code]
    descriptions.set(status, [...(descriptions.get(status) ?? []), `\`${code}\`: ${when}`])
  }
  return Object.fromEntries(
    [...descriptions].map(([status, lines]) => [
      status,
      { description: lines.join('\n\n'), content: { 'application/problem+json': { schema: problem } } },
    ]),
  )
}
