import { type BareConnection, openBareConnection, type Target } from './bare-connection.ts'

/** Connections that are kept from one job to the next, for each target. */
export function createConnectionPool() {
  const pools = new Map<string, BareConnection[]>()

  return {
    /** So many whole connections to a target; those it has more are closed. */
    async take(target: Target, count: number): Promise<readonly BareConnection[]> {
      const name = `${target.host} ${target.port}`
      const whole = (pools.get(name) ?? []).filter((connection) => !connection.isBroken())
      while (whole.length < count) whole.push(await openBareConnection(target))
      for (const spare of whole.splice(count)) spare.close()
      pools.set(name, whole)
      return whole
    },
  }
}
