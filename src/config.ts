import { existsSync, readFileSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { join } from 'node:path'
import { parse } from 'dotenv'
import { z } from 'zod'
import {
  apiKeys,
  boolean,
  endpoint,
  hostName,
  isHttpUrl,
  oneOf,
  onOrOff,
  origins,
  tableName,
  trustedProxies,
  wholeNumber,
} from './setting-kinds.ts'

const ENVIRONMENTS = ['development', 'staging', 'production'] as const
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

/** Names and values, as the process's environment has them. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Some settings are bad; the message names every one of them. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

const DAY_MS = 86_400_000

/** Every setting, in the order of .env.example. Without a default it may be left out. */
export const settings = z.object({
  ENVIRONMENT: oneOf(ENVIRONMENTS).default('development'),
  HOST: z
    .string()
    .transform((host) => (host.toLowerCase() === 'localhost' ? '127.0.0.1' : host))
    .default('0.0.0.0'),
  PORT: wholeNumber(0, 65_535).default(8000),
  APP_NAME: z.string().default('online-feature-store'),
  APP_VERSION: z.string().default('0.1.0'),
  DEBUG: boolean.default(false),
  LOG_LEVEL: z.string().toLowerCase().pipe(oneOf(LOG_LEVELS)).optional(),
  AWS_REGION: z.string().optional(),
  TABLE_NAME_BRIGHT_UID: tableName.default('features_bright_uid'),
  TABLE_NAME_ACCOUNT_ID: tableName.default('features_account_id'),
  DYNAMODB_ENDPOINT: endpoint.optional(),
  DYNAMODB_CREATE_TABLES: boolean.optional(),
  EMBEDDED_DATA_DIR: z.string().default('.data'),
  REQUEST_TIMEOUT_MS: wholeNumber(1, DAY_MS).default(2000),
  DYNAMODB_ATTEMPT_TIMEOUT_MS: wholeNumber(1, DAY_MS).default(1000),
  BODY_LIMIT_BYTES: wholeNumber(1, 1024 ** 3).default(4 * 1024 * 1024),
  STATSD_HOST: hostName.default('127.0.0.1'),
  STATSD_PORT: wholeNumber(1, 65_535).default(8125),
  STATSD_PREFIX: z
    .string()
    .regex(/^[\w-]+(\.[\w-]+)*$/, { error: 'must be words of letters, digits, _ and -, joined by dots' })
    .default('feature_store'),
  STATSD_FORMAT: oneOf(['dogstatsd', 'telegraf']).default('dogstatsd'),
  STATSD_TAG_IDENTIFIER: boolean.default(false),
  SLOW_REQUEST_MS: wholeNumber(1, DAY_MS).default(500),
  TRUST_PROXY: trustedProxies.default(false),
  MAX_IN_FLIGHT: wholeNumber(1, 1_000_000).default(128),
  MAX_BODY_BYTES_IN_FLIGHT: wholeNumber(1, 1024 ** 4).optional(),
  READ_COALESCING: boolean.default(true),
  AUTH: onOrOff.optional(),
  API_KEYS: apiKeys.optional(),
  RATE_LIMIT_PER_MINUTE: wholeNumber(0, 1_000_000_000).default(0),
  CORS_ORIGINS: origins.optional(),
  DOCS: onOrOff.optional(),
})

type Settings = z.infer<typeof settings>
type SettingOf = ReturnType<typeof createSettingReader>

export type Config = ReturnType<typeof loadConfig>

/**
 * The configuration: the process's variables, then `.env.<environment>`, then `.env` in `folder`, then the defaults.
 * A variable set to nothing counts as not set.
 * @param use `tables`: for a command that lets nobody in, so that who gets in need not be settled.
 * @throws ConfigError naming every bad variable.
 */
export function loadConfig(environment: Environment, folder: string, use: 'service' | 'tables' = 'service') {
  const given = dropEmpty(environment)
  const shared = readEnvFile(join(folder, '.env'))
  const stage = given.ENVIRONMENT ?? shared.ENVIRONMENT ?? 'development'
  const own = (ENVIRONMENTS as readonly string[]).includes(stage) ? readEnvFile(join(folder, `.env.${stage}`)) : {}
  const variables: Environment = { ...shared, ...own, ...given, ENVIRONMENT: stage }
  const parsed = settings.safeParse(variables)
  const faults = [...(parsed.error?.issues ?? []).map(describeIssue), ...findContradictions(variables, use)]
  if (!parsed.success || faults.length > 0) throw new ConfigError(`Bad configuration:\n  ${faults.join('\n  ')}`)
  return Object.freeze(withDerived(parsed.data, given))
}

function withDerived(values: Settings, given: Environment) {
  const isDevelopment = values.ENVIRONMENT === 'development'
  const apiKeys = values.AUTH === 'off' ? undefined : values.API_KEYS
  const docs = values.DOCS === undefined ? isDevelopment : values.DOCS === 'on'
  const bodiesLimitBytes = values.MAX_BODY_BYTES_IN_FLIGHT ?? 2 * values.BODY_LIMIT_BYTES
  const endpoint = values.DYNAMODB_ENDPOINT ?? (isDevelopment ? 'embedded' : 'aws')
  return {
    ...values,
    MAX_BODY_BYTES_IN_FLIGHT: bodiesLimitBytes,
    apiKeys,
    docs,
    LOG_LEVEL: values.LOG_LEVEL ?? (values.DEBUG ? ('debug' as const) : ('info' as const)),
    app: Object.freeze({
      name: values.APP_NAME,
      version: values.APP_VERSION,
      bodyLimitBytes: values.BODY_LIMIT_BYTES,
      requestTimeoutMs: values.REQUEST_TIMEOUT_MS,
      maxInFlight: values.MAX_IN_FLIGHT,
      maxBodyBytesInFlight: bodiesLimitBytes,
      apiKeys,
      rateLimitPerMinute: values.RATE_LIMIT_PER_MINUTE,
      corsOrigins: values.CORS_ORIGINS,
      docs,
      slowRequestMs: values.SLOW_REQUEST_MS,
      trustProxy: values.TRUST_PROXY,
    }),
    store: Object.freeze({
      endpoint,
      dataDir: values.EMBEDDED_DATA_DIR,
      region: values.AWS_REGION,
      dummyCredentials: endpoint === 'embedded' || (isLoopback(endpoint) && !hasCredentials(given)),
      attemptTimeoutMs: values.DYNAMODB_ATTEMPT_TIMEOUT_MS,
      tableNames: Object.freeze({ bright_uid: values.TABLE_NAME_BRIGHT_UID, account_id: values.TABLE_NAME_ACCOUNT_ID }),
      // Never AWS's unasked: there `npm run tables:create` or the infrastructure's own tools make them.
      createTables: values.DYNAMODB_CREATE_TABLES ?? (isDevelopment && endpoint !== 'aws'),
    }),
  }
}

/** Reads settings one by one; one that is bad is undefined. */
function createSettingReader(variables: Environment) {
  return <Name extends keyof Settings>(name: Name) => settings.shape[name].safeParse(variables[name]).data
}

/** Settings that are good each by itself and not together; the others may be bad all the same. */
function findContradictions(variables: Environment, use: 'service' | 'tables'): string[] {
  const settingOf = createSettingReader(variables)
  const faults = use === 'service' ? findOpenDoors(settingOf, variables.API_KEYS !== undefined) : []
  const stage = settingOf('ENVIRONMENT')
  if (settingOf('DYNAMODB_CREATE_TABLES') === true && (stage === 'staging' || stage === 'production')) {
    faults.push(`DYNAMODB_CREATE_TABLES: must not be true in ${stage}; use npm run tables:create`)
  }
  const accountTable = settingOf('TABLE_NAME_ACCOUNT_ID')
  if (accountTable !== undefined && accountTable === settingOf('TABLE_NAME_BRIGHT_UID')) {
    faults.push('TABLE_NAME_ACCOUNT_ID: must differ from TABLE_NAME_BRIGHT_UID, whose key is another')
  }
  const bodyLimit = settingOf('BODY_LIMIT_BYTES')
  const bodiesLimit = settingOf('MAX_BODY_BYTES_IN_FLIGHT')
  if (bodyLimit !== undefined && bodiesLimit !== undefined && bodiesLimit < bodyLimit) {
    faults.push('MAX_BODY_BYTES_IN_FLIGHT: must not be less than BODY_LIMIT_BYTES')
  }
  return faults
}

/** Who gets in must be said: in production in words, and nowhere in two ways at once. */
function findOpenDoors(settingOf: SettingOf, hasKeys: boolean): string[] {
  const auth = settingOf('AUTH')
  if (auth === 'off' && hasKeys) return ['AUTH: is off, which would pass over API_KEYS; remove one of them']
  if (auth === 'on' && !hasKeys) return ['AUTH: is on, which needs API_KEYS; npm run key -- NAME SCOPE makes a key']
  if (settingOf('ENVIRONMENT') !== 'production' || hasKeys || auth === 'off') return []
  return [
    'API_KEYS: production needs keys (npm run key -- NAME SCOPE makes one), or AUTH=off where something in front decides who gets in',
  ]
}

function describeIssue({ path, message }: z.core.$ZodIssue): string {
  return `${path.join('.')}: ${message}`
}

function readEnvFile(path: string): Environment {
  return existsSync(path) ? dropEmpty(parse(readFileSync(path))) : {}
}

function dropEmpty(variables: Environment): Environment {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''))
}

function isLoopback(endpoint: string): boolean {
  if (!isHttpUrl(endpoint)) return false
  const { hostname } = new URL(endpoint)
  return hostname === 'localhost' || hostname === '[::1]' || (isIPv4(hostname) && hostname.startsWith('127.'))
}

/** Whether the SDK's own chain is told of credentials by the environment. */
function hasCredentials(given: Environment): boolean {
  return given.AWS_ACCESS_KEY_ID !== undefined || given.AWS_PROFILE !== undefined
}
