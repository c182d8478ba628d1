/** How a metric is sent: counter `c`, timer `ms`, histogram `h`, gauge `g`. */
export type MetricType = 'counter' | 'timer' | 'histogram' | 'gauge'

export type Metric = { type: MetricType; unit: string; tags: readonly string[]; when: string }

const REQUEST = ['method', 'route', 'endpoint', 'api_version', 'status_code', 'status_category'] as const
const FAILED_REQUEST = [...REQUEST, 'error_type'] as const
const ENTITY = ['table_type'] as const
const CATEGORY = ['table_type', 'category'] as const

const counter = (unit: string, tags: readonly string[], when: string) => ({ type: 'counter', unit, tags, when }) as const
const timer = (tags: readonly string[], when: string) => ({ type: 'timer', unit: 'ms', tags, when }) as const
const histogram = (unit: string, tags: readonly string[], when: string) => ({ type: 'histogram', unit, tags, when }) as const
const gauge = (unit: string, when: string) => ({ type: 'gauge', unit, tags: [], when }) as const

const withErrorType = (tags: readonly string[]) => [...tags, 'error_type']

/**
 * Every metric there is, by its name without STATSD_PREFIX. Code can send no other, and the README's table is held against
 * this one by a test.
 */
export const METRICS = {
  'http.request.count': counter('requests', REQUEST, 'every request but those that a /health route takes'),
  'http.request.duration': timer(REQUEST, 'from its headers to the last byte of its reply, or to the hang-up'),
  'http.response.size': histogram('bytes', REQUEST, "the reply's body; 0 after a hang-up"),
  'http.success.count': counter('requests', REQUEST, 'status below 400'),
  'http.error.count': counter('requests', FAILED_REQUEST, 'status 400 or above, and hang-ups (`aborted`, status_code 499)'),
  'http.slow_request.count': counter('requests', REQUEST, 'longer than SLOW_REQUEST_MS'),
  'http.request.in_flight': gauge('requests', 'begun and not ended, /health included; every 10 s'),

  'read.single_item.duration': timer(CATEGORY, 'reading one category'),
  'read.single_item.success': counter('calls', CATEGORY, 'it was found'),
  'read.single_item.not_found': counter('calls', CATEGORY, 'it is not stored'),
  'read.single_item.error': counter('calls', withErrorType(CATEGORY), 'no true answer could be given'),
  'read.multi_category.duration': timer(ENTITY, 'reading features of several categories'),
  'read.multi_category.success': counter('calls', ENTITY, 'at least one category was found'),
  'read.multi_category.not_found': counter('calls', ENTITY, 'none of the categories is stored'),
  'read.multi_category.error': counter('calls', withErrorType(ENTITY), 'no true answer could be given'),
  'read.multi_entity.duration': timer(ENTITY, 'reading the same features of several entities'),
  'read.multi_entity.success': counter('calls', ENTITY, 'all were read, found or not'),
  'read.multi_entity.error': counter('calls', withErrorType(ENTITY), 'no true answer could be given'),
  'read.entity.duration': timer(ENTITY, 'reading a page of what an entity has'),
  'read.entity.success': counter('calls', ENTITY, 'it was read; a page behind the first may be empty'),
  'read.entity.not_found': counter('calls', ENTITY, 'it has nothing'),
  'read.entity.error': counter('calls', withErrorType(ENTITY), 'no true answer could be given, or its cursor is none of ours'),
  'write.multi_category.duration': timer(ENTITY, 'writing all categories of a request'),
  'write.multi_category.success': counter('calls', ENTITY, 'every category was replaced'),
  'write.multi_category.not_found': counter('calls', ENTITY, 'never: a write creates what is not there'),
  'write.multi_category.error': counter('calls', withErrorType(ENTITY), 'any category was not replaced for certain'),
  'write.multi_entity.duration': timer(ENTITY, 'writing all categories of all entities of a request'),
  'write.multi_entity.success': counter('calls', ENTITY, 'every category was replaced'),
  'write.multi_entity.error': counter('calls', withErrorType(ENTITY), 'any category was not replaced for certain'),
  'write.merge.duration': timer(CATEGORY, 'merging features into a category'),
  'write.merge.success': counter('calls', CATEGORY, 'they were merged, or the category created'),
  'write.merge.error': counter('calls', withErrorType(CATEGORY), 'they were not, for certain'),
  'delete.single_item.duration': timer(CATEGORY, 'deleting one category'),
  'delete.single_item.success': counter('calls', CATEGORY, 'it is not there any more, or was not'),
  'delete.single_item.error': counter('calls', withErrorType(CATEGORY), 'it was not deleted for certain'),
  'delete.entity.duration': timer(ENTITY, 'deleting all that an entity has'),
  'delete.entity.success': counter('calls', ENTITY, 'it has nothing any more, or had nothing'),
  'delete.entity.error': counter('calls', withErrorType(ENTITY), 'any category was not deleted for certain'),

  'dynamodb.get_item.duration': timer(CATEGORY, 'with its retries, and the wait for a connection'),
  'dynamodb.get_item.success': counter('calls', CATEGORY, 'DynamoDB answered, found or not'),
  'dynamodb.get_item.error': counter('calls', withErrorType(CATEGORY), 'it did not, after all retries'),
  'dynamodb.get_item.found': counter('items', CATEGORY, 'the item is there'),
  'dynamodb.get_item.not_found': counter('items', CATEGORY, 'the item is not there, or has expired or is deleted'),
  'dynamodb.batch_get_item.duration': timer(ENTITY, 'with its retries, and the wait for a connection'),
  'dynamodb.batch_get_item.success': counter('calls', ENTITY, 'DynamoDB answered'),
  'dynamodb.batch_get_item.error': counter('calls', withErrorType(ENTITY), 'it did not, after all retries'),
  'dynamodb.batch_get_item.found': counter('items', CATEGORY, 'the item is there'),
  'dynamodb.batch_get_item.not_found': counter('items', CATEGORY, 'the item is not there, or has expired or is deleted'),
  'dynamodb.batch_get_item.unprocessed': counter('items', CATEGORY, 'left unprocessed, and asked for again'),
  'dynamodb.query.duration': timer(ENTITY, 'with its retries, and the wait for a connection'),
  'dynamodb.query.success': counter('calls', ENTITY, 'DynamoDB answered'),
  'dynamodb.query.error': counter('calls', withErrorType(ENTITY), 'it did not, after all retries'),
  'dynamodb.update_item.duration': timer(CATEGORY, 'with its retries, and the wait for a connection'),
  'dynamodb.update_item.success': counter('calls', CATEGORY, 'the category was replaced, merged or deleted'),
  'dynamodb.update_item.error': counter(
    'calls',
    withErrorType(CATEGORY),
    'it was not, for certain, after all retries; `conflict`: it met a later version or event time, or what has expired, and ' +
      'goes on with another call unless that is of no use',
  ),
  'dynamodb.update_item.feature_count': counter('features', CATEGORY, 'written'),
  'dynamodb.coalesced.reads': counter(
    'requests',
    ENTITY,
    'reads that shared a call: each is under get_item or batch_get_item, too',
  ),
  'dynamodb.coalesced.calls': counter('calls', ENTITY, 'that they shared; what they took to be answered counts once'),
  'dynamodb.retry.count': counter('attempts', ['call', 'table_type'], 'attempts beyond the first of a call'),
  'dynamodb.throttle.count': counter('attempts', ['call', 'table_type'], 'attempts that DynamoDB throttled'),

  'feature.found.count': counter('features', CATEGORY, 'served, those stored as null included'),
  'feature.null.count': counter('features', CATEGORY, 'served as null'),
  'feature.missing.count': counter(
    'features',
    CATEGORY,
    'asked for by name and not stored; a category asked for as a whole and not stored counts as one',
  ),
  'feature.age': timer(CATEGORY, 'since updated_at of each category served'),

  'process.event_loop_delay.mean': gauge('ms', 'of the last 10 s'),
  'process.event_loop_delay.p99': gauge('ms', 'of the last 10 s'),
  'process.event_loop_delay.max': gauge('ms', 'of the last 10 s'),
  'process.heap.used': gauge('bytes', 'every 10 s'),
  'process.heap.limit': gauge('bytes', 'every 10 s; V8 ends the process beyond it'),
  'process.memory.rss': gauge('bytes', 'every 10 s; all memory of the process'),
  'process.not_ready': gauge('ms', 'every 10 s; for how long it has not been ready, 0 while it is'),
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof METRICS
type NameOf<Type extends MetricType> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never
}[MetricName]

export type CounterName = NameOf<'counter'>
export type GaugeName = NameOf<'gauge'>
/** Metrics whose single values are sent: timers and histograms. */
export type SampleName = NameOf<'timer' | 'histogram'>

/** What timeCall times: every name that has a `.duration`, a `.success` and an `.error`. */
export type CallName =
  Extract<SampleName, `${string}.duration`> extends infer Name
    ? Name extends `${infer Call}.duration`
      ? `${Call}.success` extends CounterName
        ? Call
        : never
      : never
    : never

export function isCounter(name: string): name is CounterName {
  return Object.hasOwn(METRICS, name) && METRICS[name as MetricName].type === 'counter'
}
