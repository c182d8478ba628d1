import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { fullJitter } from './back-off.ts'

type RetryStrategy = Extract<
  Exclude<NonNullable<DynamoDBClientConfig['retryStrategy']>, (...args: never[]) => unknown>,
  { refreshRetryTokenForRetry: unknown }
>
type RetryToken = Awaited<ReturnType<RetryStrategy['acquireInitialRetryToken']>>
type OurToken = RetryToken & { cost: number }
type Failure = Parameters<RetryStrategy['refreshRetryTokenForRetry']>[1]

const BUDGET_TOKENS = 500
const RETRY_TOKENS = 5
const TIMEOUT_RETRY_TOKENS = 10

const FIRST_CEILING_MS = 25
const THROTTLED_FIRST_CEILING_MS = 100
const MAX_CEILING_MS = 1000

const TIMEOUTS = new Set(['TimeoutError', 'RequestTimeout', 'RequestTimeoutException'])

/**
 * When a call is tried again, and after how long: at most `maxAttempts` attempts, full jitter between them, and one budget
 * for the whole client, so that a store in trouble is not asked three times as much. The budget holds 500 tokens; a retry
 * takes 5, one after a timeout 10 (the SDK counts broken connections as such); a success gives back what its last retry took,
 * or 1, and so does a condition that did not hold: the store has answered. Empty: no retries, the first failure is the answer.
 *
 * Source: AWS SDKs and Tools Reference Guide, "Retry behavior" (standard mode, its costs). The SDK's own strategy now takes
 * 14 for what is no throttling, and waits up to seconds after throttling, which is longer than a request here may take.
 */
export function createRetryStrategy(maxAttempts: number): RetryStrategy {
  let budget = BUDGET_TOKENS

  function giveBack(token: RetryToken): void {
    budget = Math.min(BUDGET_TOKENS, budget + ((token as OurToken).cost || 1))
  }

  return {
    async acquireInitialRetryToken() {
      return createToken(0, 0, 0)
    },

    async refreshRetryTokenForRetry(token, failure) {
      if (isAnswer(failure)) giveBack(token)
      const cost = isTimeout(failure) ? TIMEOUT_RETRY_TOKENS : RETRY_TOKENS
      const retries = token.getRetryCount() + 1
      if (!isWorthRetrying(failure) || retries >= maxAttempts || cost > budget) throw new Error('no further attempt')
      budget -= cost
      const firstMs = failure.errorType === 'THROTTLING' ? THROTTLED_FIRST_CEILING_MS : FIRST_CEILING_MS
      return createToken(retries, fullJitter(retries, firstMs, MAX_CEILING_MS), cost)
    },

    recordSuccess: giveBack,
  }
}

function createToken(retries: number, delayMs: number, cost: number): OurToken {
  return { getRetryCount: () => retries, getRetryDelay: () => delayMs, cost }
}

function isWorthRetrying({ errorType }: Failure): boolean {
  return errorType === 'THROTTLING' || errorType === 'TRANSIENT'
}

function isAnswer({ error }: Failure): boolean {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException'
}

function isTimeout({ error }: Failure): boolean {
  return error instanceof Error && TIMEOUTS.has(error.name)
}
