import { badManyReads } from './bad-many-reads.ts'
import { badManyWrites } from './bad-many-writes.ts'
import { EMPTY, INVALID, MALFORMED, badPost as post, type Refusal } from './bad-posts.ts'
import type { BadRequest } from './bad-requests.ts'

const READ = '/api/v1/get/items'
const WRITE = '/api/v1/items'
const PAGE = '/api/v1/get/item/victim'

const BAD_TABLE: Refusal = { status: 400, code: 'INVALID_TABLE_TYPE' }
const UNSUPPORTED: Refusal = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' }

const read = post(READ)
const write = post(WRITE)
const get = (query: string, refusal: Refusal, at?: string): BadRequest[] => [
  { why: `a page with ${query}`, method: 'GET', path: `${PAGE}?${query}`, ...refusal, ...(at === undefined ? {} : { at }) },
]

const emptyBodies: BadRequest[] = [
  ...['', '{}', ' { }\n'].flatMap((body) => [
    ...read(`empty body ${JSON.stringify(body)}`, body, EMPTY),
    ...write(`empty body ${JSON.stringify(body)}`, body, EMPTY),
  ]),
  ...read('no categories', '{"identifiers":["victim"],"categories":{}}', EMPTY),
]

const malformedBodies: BadRequest[] = ['{"victim":', '{"victim":{"cat":{}},}', "{'victim':{}}", ' \n', '{}{}'].flatMap((body) => [
  ...read(`no JSON: ${body}`, body, MALFORMED),
  ...write(`no JSON: ${body}`, body, MALFORMED),
])

const wrongRoots: BadRequest[] = ['null', 'true', '1', '1e400', '"victim"', '[]', '[{"victim":{"cat":{}}}]'].flatMap((body) => [
  ...read(`the body ${body}`, body, INVALID, '$'),
  ...write(`the body ${body}`, body, INVALID, '$'),
])

const READ_BODY = '{"identifiers":["victim"],"categories":{"cat":[]}}'
const WRITE_BODY = '{"victim":{"cat":{"f":9}}}'
const consistentNeither = ['', 'TRUE', '1', '0', 'yes', 'null', 'true,true']

const queries: BadRequest[] = [
  ...['', 'users', 'BRIGHT_UID', 'constructor'].flatMap((table) => [
    ...post(`${READ}?table_type=${table}`)(`table_type=${table}`, READ_BODY, BAD_TABLE),
    ...post(`${WRITE}?table_type=${table}`)(`table_type=${table}`, WRITE_BODY, BAD_TABLE),
    ...get(`table_type=${table}`, BAD_TABLE),
  ]),
  ...consistentNeither.flatMap((value) => [
    ...post(`${READ}?consistent=${value}`)(`consistent=${value}`, READ_BODY, INVALID, 'consistent'),
    ...post(`${PAGE}?consistent=${value}`)(`consistent=${value}`, '{"cat":[]}', INVALID, 'consistent'),
    ...get(`consistent=${value}`, INVALID, 'consistent'),
    {
      why: `one category with consistent=${value}`,
      method: 'GET' as const,
      path: `${PAGE}/cat?consistent=${value}`,
      ...INVALID,
      at: 'consistent',
    },
  ]),
  ...get('consistent=true&consistent=true', INVALID, 'consistent'),
  ...['', '0', '1001', '-1', '1.5', 'ten', 'NaN', '1e400', '99999999999999999999', '%F0%9F%A6%8A'].flatMap((limit) =>
    get(`limit=${limit}`, INVALID, 'limit'),
  ),
  ...get('limit=1&limit=2', INVALID, 'limit'),
]

const contentTypes: BadRequest[] = ['text/plain', 'application/jsonx', 'application/merge-patch+json', ''].flatMap(
  (contentType) =>
    [
      ...read(`content-type ${JSON.stringify(contentType)}`, READ_BODY, UNSUPPORTED),
      ...write(`content-type ${JSON.stringify(contentType)}`, WRITE_BODY, UNSUPPORTED),
    ].map((bad) => ({ ...bad, contentType })),
)

/** What the endpoints about many entities, and about all that one has, refuse. */
export const badEntityRequests: readonly BadRequest[] = [
  ...emptyBodies,
  ...malformedBodies,
  ...wrongRoots,
  ...badManyReads,
  ...badManyWrites,
  ...queries,
  ...contentTypes,
]
