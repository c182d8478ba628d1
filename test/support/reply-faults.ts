import { PROBLEMS } from '../../src/errors.ts'
import type { HttpReply } from './http-replies.ts'

type Problem = { code?: unknown; status?: unknown; request_id?: unknown; detail?: unknown }

const codes: ReadonlyMap<unknown, { status: number }> = new Map(Object.entries(PROBLEMS))

/** What is wrong with a connection's replies, whatever was sent: in words, none when all is well. */
export function faultsOf(replies: readonly HttpReply[]): string[] {
  return [...replies.flatMap(faultsOfReply), ...faultsOfOrder(replies)]
}

function faultsOfReply(reply: HttpReply): string[] {
  const { status, headers, body } = reply
  if (status < 200) return []
  const faults: string[] = []
  if (status >= 500) faults.push('is a failure of ours')
  if (!headers.has('x-request-id')) faults.push('has no x-request-id')
  if (status >= 400) faults.push(...faultsOfProblem(reply))
  else if (/json/.test(headers.get('content-type') ?? '') && body !== '' && !isJson(body)) faults.push('is no JSON')
  return faults.map((fault) => `a reply ${fault}: ${describeReply(reply)}`)
}

/** A problem whose body was left out is the answer to HEAD: its headers are all there is to hold it against. */
function faultsOfProblem({ status, headers, body }: HttpReply): string[] {
  if (!/^application\/problem\+json(;|$)/.test(headers.get('content-type') ?? '')) return ['is no application/problem+json']
  if (body === '') return []
  if (!isJson(body)) return ['is no JSON']
  const problem: Problem = Object(JSON.parse(Buffer.from(body, 'latin1').toString()))
  const faults: string[] = []
  if (problem.status !== status) faults.push('has another status in its body')
  if (codes.get(problem.code)?.status !== status) faults.push('has no code of its status')
  if (problem.request_id !== headers.get('x-request-id')) faults.push('has another request id in its body')
  if (typeof problem.detail !== 'string' || /\n\s+at /.test(problem.detail)) faults.push('has no detail for a client')
  return faults
}

function faultsOfOrder(replies: readonly HttpReply[]): string[] {
  const closing = replies.findIndex(({ headers }) => headers.get('connection') === 'close')
  return closing === -1 || closing === replies.length - 1 ? [] : ['a reply follows one that closes its connection']
}

function isJson(body: string): boolean {
  try {
    JSON.parse(Buffer.from(body, 'latin1').toString())
    return true
  } catch {
    return false
  }
}

/** A reply in a line. */
export function describeReply({ status, headers, body }: HttpReply): string {
  return `${status} ${JSON.stringify(Object.fromEntries(headers))} ${JSON.stringify(body.slice(0, 500))}`
}
