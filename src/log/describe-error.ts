type LoggedError = { type: string; message: string; code?: string; stack: string; failures?: LoggedError[] }

// What a store or a parser refuses, it likes to quote; what it quotes may be a feature's value.
const QUOTES_VALUES = new Set(['SyntaxError', 'ValidationException', 'SerializationException'])
const QUOTED = /(["'`]).*\1|(?<=:).*/gs

const CREDENTIAL =
  /\b(authorization|x-amz-security-token|x-api-key|secretaccesskey|sessiontoken)(["']?\s*[:=]\s*["']?)[^\r\n"',]+/gi

// More than there ever are, unless they go round in a circle.
const MAX_CAUSES = 10

/**
 * An error as the log has it: its stack and its causes' stacks, and of a write's failures each kind once. Nothing that hangs
 * on an error beside these (requests, replies) comes along, and nothing that it quotes: no credential, no feature value.
 */
export function describeError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'thrown, and no error', stack: '' }
  const { code, failures } = error as { code?: unknown; failures?: unknown }
  return {
    type: error.name,
    message: messageOf(error),
    ...(typeof code === 'string' ? { code } : {}),
    stack: stackOf(error, MAX_CAUSES),
    ...(Array.isArray(failures) ? { failures: distinct(failures.map(describeError)) } : {}),
  }
}

function stackOf(error: Error, maxCauses: number): string {
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const own = [`${error.name}: ${messageOf(error)}`, ...frames].join('\n')
  if (!(error.cause instanceof Error) || maxCauses === 0) return own
  return `${own}\ncaused by: ${stackOf(error.cause, maxCauses - 1)}`
}

function messageOf({ name, message }: Error): string {
  const shown = QUOTES_VALUES.has(name) ? message.replace(QUOTED, '…') : message
  return shown.replace(CREDENTIAL, '$1$2[redacted]')
}

function distinct(errors: LoggedError[]): LoggedError[] {
  return [...new Map(errors.map((error) => [error.code ?? error.type, error])).values()]
}
