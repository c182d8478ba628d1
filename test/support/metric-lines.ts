/** The two formats of STATSD_FORMAT. */
export const FORMATS = ['dogstatsd', 'telegraf'] as const
export type Format = (typeof FORMATS)[number]

export type MetricLine = {
  name: string
  tags: Readonly<Record<string, string>>
  value: number
  type: 'c' | 'ms' | 'h' | 'g'
  /** The share of the values that is sent; 1 when all are. */
  rate: number
}

const NAME = String.raw`(?<name>\w+(?:\.\w+)*)`
const TAG_NAME = '[a-z_]+'
// Nothing that separates in either format, no space of any kind, no control character and nothing that cannot be seen.
const TAG_VALUE = String.raw`[^|,#:=\\\p{Z}\p{C}]+`
// Without a sign: a gauge's would make it a difference.
const VALUE = String.raw`(?<value>\d+(?:\.\d+)?)\|(?<type>c|ms|h|g)(?:\|@(?<rate>0\.\d+|1))?`

const GRAMMARS: Record<Format, { line: RegExp; separator: string }> = {
  dogstatsd: { line: grammarOf(`${NAME}:${VALUE}`, ':', (tags) => String.raw`(?:\|#${tags})?`), separator: ':' },
  telegraf: { line: grammarOf(NAME, '=', (tags) => `(?:,${tags})?`, `:${VALUE}`), separator: '=' },
}

function grammarOf(before: string, separator: string, place: (tags: string) => string, after = ''): RegExp {
  const tag = `${TAG_NAME}${separator}${TAG_VALUE}`
  return new RegExp(`^${before}${place(`(?<tags>${tag}(?:,${tag})*)`)}${after}$`, 'u')
}

/**
 * One line of StatsD in the format given: DogStatsD's `name:value|type[|@rate][|#tag:value,tag:value]` or Telegraf's
 * `name[,tag=value]:value|type[|@rate]`.
 * @throws Error on whatever else there is in it.
 */
export function parseMetricLine(line: string, format: Format): MetricLine {
  const grammar = GRAMMARS[format]
  const { name, value, type, rate, tags } = grammar.line.exec(line)?.groups ?? {}
  if (name === undefined) throw new Error(`no line of ${format}: ${JSON.stringify(line)}`)
  const pairs = (tags?.split(',') ?? []).map((tag) => tag.split(grammar.separator) as [string, string])
  if (new Set(pairs.map(([tag]) => tag)).size < pairs.length) throw new Error(`a tag twice: ${JSON.stringify(line)}`)
  return {
    name,
    tags: Object.fromEntries(pairs),
    value: Number(value),
    type: type as MetricLine['type'],
    rate: Number(rate ?? 1),
  }
}

/** All lines of one datagram; a datagram that is not UTF-8 is no datagram of StatsD's. */
export function parseDatagram(datagram: Uint8Array, format: Format): MetricLine[] {
  const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(datagram)
  return text.split('\n').map((line) => parseMetricLine(line, format))
}
