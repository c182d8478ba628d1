import { type ParseArgsConfig, parseArgs } from 'node:util'
import type { Environment } from '../../config.ts'
import { UsageError } from './usage-error.ts'

const HELP = { help: { type: 'boolean', short: 'h', default: false } } as const

/**
 * A command's arguments, by Node's own parser; `--help` is a UsageError without a fault.
 * @throws UsageError that says what is wrong with them.
 */
export function parseOptions<Config extends ParseArgsConfig & { options: object }>(config: Config, env: Environment) {
  refuseSwallowed(Object.keys(config.options), env)
  const { values, positionals } = parse({ ...config, options: { ...config.options, ...HELP } })
  if (values.help) throw new UsageError('')
  const empty = Object.entries(values).find(([, value]) => value === '')
  if (empty) throw new UsageError(`--${empty[0]} is empty`)
  return { values, positionals } as ReturnType<typeof parseArgs<Config>>
}

function parse(config: ParseArgsConfig) {
  try {
    return parseArgs(config)
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Options without `--` before them are npm's, which says nothing of it, but for its scripts' environment: `--dry-run` would write. */
function refuseSwallowed(names: readonly string[], env: Environment): void {
  const swallowed = names.find((name) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`]
    return value !== undefined && value !== '' && value !== 'false'
  })
  if (swallowed === undefined) return
  throw new UsageError(
    `npm took --${swallowed} for an option of its own: put -- before the options, npm run COMMAND -- --${swallowed} …`,
  )
}
