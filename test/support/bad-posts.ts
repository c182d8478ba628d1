import type { BadRequest } from './bad-requests.ts'

export type Refusal = Pick<BadRequest, 'status' | 'code'>

export const MALFORMED: Refusal = { status: 400, code: 'MALFORMED_JSON' }
export const EMPTY: Refusal = { status: 400, code: 'EMPTY_BODY' }
export const INVALID: Refusal = { status: 422, code: 'VALIDATION_FAILED' }

/** A key of 2,049 bytes, one more than an identifier may have. */
export const LONG_IDENTIFIER = 'i'.repeat(2049)
/** A key of 1,025 bytes, one more than a category may have. */
export const LONG_CATEGORY = 'c'.repeat(1025)

// A place with a longer name shows no more of it than this.
const SHOWN_LENGTH = 100

/** How the place of a fault shows a name that is too long. */
export function shownName(name: string): string {
  return `['${name.slice(0, SHOWN_LENGTH)}…']`
}

/** Makes bad posts to a path; `at` is where the first fault is. */
export function badPost(path: string) {
  return (why: string, body: string, refusal: Refusal, at?: string): BadRequest[] => [
    { why: `${path.split('?')[0]}: ${why}`, method: 'POST', path, body, ...refusal, ...(at === undefined ? {} : { at }) },
  ]
}
