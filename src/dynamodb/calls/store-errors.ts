import { RequestAbortedError, StaleWriteError, StoreError } from '../../errors.ts'
import type { Item } from '../items/attribute.ts'
import { isMap } from '../items/attribute-json.ts'
import { adviseOn, type CallSubject, hasAdvice, isCertificateFault } from './store-advice.ts'

/** What a call throws, the SDK's own errors among them, as far as we look into it. */
type SdkError = Error & {
  code?: string
  syscall?: string
  $metadata?: { httpStatusCode?: number }
  $response?: unknown
  Item?: Item
}

// Every exception by which DynamoDB says "too fast" (DynamoDB Developer Guide, "Error handling", and its API reference).
const THROTTLING = new Set([
  'BandwidthLimitExceeded',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
])

// No connection or no signature, so nothing was sent.
const NEVER_SENT = new Set([
  'CredentialsProviderError',
  'TokenProviderError',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UNSENDABLE_REQUEST',
])

const ITEM_TOO_LARGE = /item size .*exceeded/i

/** A write's condition did not hold: another attempt that knows the stored item follows, and no client hears of this one. */
export class LostWriteError extends StoreError {
  /** What is stored; undefined where nothing is, or the store does not tell. */
  readonly item: Item | undefined

  constructor(item: Item | undefined, options: ConstructorParameters<typeof StoreError>[2]) {
    super('STALE_WRITE', 'The category is not as the write assumed.', options)
    this.item = item
  }
}

/**
 * What was thrown for one DynamoDB call, as our error. An error that is neither DynamoDB's nor the network's (a bug)
 * comes back as it is, and so does a ValidationException that our checks should have prevented.
 */
export function toStoreError(error: unknown, subject: CallSubject): Error {
  if (error instanceof StoreError) return error
  if (!isStoreFault(error)) return error instanceof Error ? error : new Error(String(error))
  const isWrite = subject.operation === 'UpdateItem'
  if (isWrite && error.name === 'ConditionalCheckFailedException')
    return new LostWriteError(isMap(error.Item) ? error.Item : undefined, { cause: error })
  if (error.name === 'ValidationException') return isWrite ? fromValidation(error) : error
  if (THROTTLING.has(error.name) || error.$metadata?.httpStatusCode === 429) {
    const options = { cause: error, mayHaveApplied: mayHaveApplied(error) }
    return new StoreError('STORE_THROTTLED', 'The store is throttling requests. Try again shortly.', options)
  }
  return new StoreError('STORE_UNAVAILABLE', 'The store cannot be reached or cannot answer now. Try again shortly.', {
    cause: error,
    mayHaveApplied: mayHaveApplied(error),
    advice: adviseOn(error, subject),
  })
}

/**
 * The failure of a write of which an earlier attempt may have been applied: a later refusal does not take that back. A hang-up
 * stays what it is: nobody is told of the doubt.
 */
export function withDoubt(failure: unknown, mayHaveApplied: boolean): unknown {
  if (!mayHaveApplied || failure instanceof RequestAbortedError) return failure
  if (!(failure instanceof StoreError)) {
    return new StoreError('INTERNAL', 'An internal error occurred.', { cause: failure, mayHaveApplied })
  }
  if (failure.mayHaveApplied) return failure
  const options = { cause: failure, mayHaveApplied, advice: failure.advice }
  if (failure instanceof LostWriteError) return new LostWriteError(failure.item, options)
  if (failure instanceof StaleWriteError) return new StaleWriteError(failure.storedEventTime, options)
  return new StoreError(failure.code, failure.message, options)
}

/** The failure of a call that changes nothing, whatever became of it. */
export function withoutDoubt(failure: unknown): unknown {
  if (!(failure instanceof StoreError) || !failure.mayHaveApplied) return failure
  return new StoreError(failure.code, failure.message, { cause: failure, advice: failure.advice })
}

/** DynamoDB's own answer, a reply that could not be read, or a failure of the connection; not a bug of ours. */
function isStoreFault(error: unknown): error is SdkError {
  if (!(error instanceof Error)) return false
  if ('$metadata' in error || '$response' in error) return true
  if (error instanceof TypeError || error instanceof RangeError) return false
  return 'code' in error || FAULT_NAMES.has(error.name)
}

const FAULT_NAMES = new Set(['TimeoutError', 'CredentialsProviderError', 'TokenProviderError', 'AbortError'])

function fromValidation(error: SdkError): Error {
  if (!ITEM_TOO_LARGE.test(error.message)) return error
  return new StoreError('ITEM_TOO_LARGE', 'The category is over the limit of 400 KB (409,600 bytes) of an item.', {
    cause: error,
  })
}

/** Whether it is by an exception that DynamoDB has, and not by a proxy's page. */
function isRefusal({ name }: SdkError): boolean {
  return name.endsWith('Exception') || THROTTLING.has(name) || hasAdvice(name)
}

/** DynamoDB's own refusal (4xx) was not applied; what was sent and got no reply, a 5xx or somebody else's 4xx, may have been. */
function mayHaveApplied(error: SdkError): boolean {
  const status = error.$metadata?.httpStatusCode
  if (status !== undefined) return status < 400 || status >= 500 || !isRefusal(error)
  const isConnected = error.syscall === 'read' || error.syscall === 'write'
  return isConnected || !(isCertificateFault(error) || NEVER_SENT.has(error.name) || NEVER_SENT.has(error.code ?? ''))
}
