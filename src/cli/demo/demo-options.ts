import type { Environment } from '../../config.ts'
import { parseOptions } from '../bulk/parse-options.ts'
import { UsageError } from '../bulk/usage-error.ts'

export type DemoOptions = {
  users: number
  accounts: number
  /** How long the mixed load lasts. */
  seconds: number
  /** Where the service listens; 0: where the system picks. */
  port: number
  /** Whether to end after the load, and not to stay up. */
  once: boolean
}

export const DEMO_USAGE = `npm run demo -- [options]
  --users N      users in the data set (2000)
  --accounts N   accounts in it (1000)
  --seconds N    how long the mixed load lasts (15)
  --port N       where the service listens (8000, or a free one)
  --once         ends after the load, and does not stay up`

const OPTIONS = {
  users: { type: 'string', default: '2000' },
  accounts: { type: 'string', default: '1000' },
  seconds: { type: 'string', default: '15' },
  port: { type: 'string', default: '8000' },
  once: { type: 'boolean', default: false },
} as const

/**
 * The options of the demo, by its arguments.
 * @throws UsageError that says what is wrong with them.
 */
export function readDemoOptions(args: readonly string[], env: Environment): DemoOptions {
  const { values } = parseOptions({ args: [...args], options: OPTIONS }, env)
  return {
    users: wholeNumber('users', values.users, 25, 100_000),
    accounts: wholeNumber('accounts', values.accounts, 1, 100_000),
    seconds: wholeNumber('seconds', values.seconds, 1, 3600),
    port: wholeNumber('port', values.port, 0, 65_535),
    once: values.once,
  }
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= min && number <= max) return number
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`)
}
