import { targetOf } from './request-path.ts'

const MAX_LENGTH = 2048

// The API's own parameters with its own words, or plain numbers of its own, as values.
const PUBLIC_PARAMETER = /^(?:table_type=(?:bright_uid|account_id)|consistent=(?:true|false)|(?:limit|ttl)=\d{1,10})$/

/**
 * A request's URL for the log: query values that may be about a person are left out, a host with its user and password, and
 * what is over 2,048 characters. The path stays, with the identifier in it: without it nobody could tell what was asked.
 */
export function withoutPrivateValues(url: string): string {
  const target = targetOf(url)
  const queryAt = target.indexOf('?')
  const shown = queryAt === -1 ? target : target.slice(0, queryAt + 1) + withoutValues(target.slice(queryAt + 1))
  return shown.length > MAX_LENGTH ? `${shown.slice(0, MAX_LENGTH)}…` : shown
}

function withoutValues(query: string): string {
  if (PUBLIC_PARAMETER.test(query)) return query
  return query.split('&').map(withoutValue).join('&')
}

function withoutValue(parameter: string): string {
  if (PUBLIC_PARAMETER.test(parameter)) return parameter
  const name = /^([\w.-]{1,40})=/.exec(parameter)?.[1]
  return name === undefined ? '***' : `${name}=***`
}
