/**
 * Where an injected clock may begin, in milliseconds since the epoch: in the far future, as DynamoDB Local deletes, within
 * seconds, what has expired by the machine's own clock.
 */
export const FUTURE_MS = Date.parse('2099-10-07T07:46:26.943Z')
