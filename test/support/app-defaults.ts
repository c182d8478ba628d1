import type { AppOptions } from '../../src/app.ts'

/** What a test's service has unless the test is about it: everybody gets in, and as much as may come. */
export const APP_DEFAULTS = {
  name: 'test',
  version: '0.0.0',
  bodyLimitBytes: 4 * 1024 * 1024,
  requestTimeoutMs: 20_000,
  maxInFlight: 1_000_000,
  maxBodyBytesInFlight: 1024 ** 3,
  apiKeys: undefined,
  rateLimitPerMinute: 0,
  corsOrigins: undefined,
  docs: true,
  trustProxy: false,
  isReady: () => true,
} satisfies Partial<AppOptions>
