import { expect } from 'vitest'
import { type FuzzTarget, startFuzzTarget } from './fuzz-target.ts'

/**
 * What is sent (as latin1), by what is special about it, with the statuses that are right for it. `goes on`, when nothing is
 * said: what follows on the connection is answered too; `ends`: the service must end the connection by itself; `waits`: it may
 * wait for more, and has to end only when the client does.
 */
export type FuzzCase = readonly [why: string, bytes: string, statuses: readonly number[], then?: 'goes on' | 'ends' | 'waits']

const AT_ONCE = 16

/** Sends each of the cases to one service, which must answer every one rightly, pass what is looked at then, and be unharmed. */
export async function expectAnswers(
  cases: readonly FuzzCase[],
  lookAt: (target: FuzzTarget) => Promise<unknown> = async () => {},
): Promise<void> {
  const target = await startFuzzTarget()

  const faults: string[] = []
  for (let at = 0; at < cases.length; at += AT_ONCE) {
    const tried = await Promise.all(cases.slice(at, at + AT_ONCE).map((one) => faultsOfCase(target, one)))
    faults.push(...tried.flat())
  }

  expect(faults).toEqual([])
  await lookAt(target)
  await target.expectUnharmed()
}

async function faultsOfCase(target: FuzzTarget, [why, bytes, statuses, then = 'goes on']: FuzzCase): Promise<string[]> {
  try {
    const { faults, replies, wentOn } = await target.send(bytes, { whole: then !== 'waits' })
    const answered = replies.map(({ status }) => status)
    const unexpected = answered.join() === statuses.join() ? [] : [`answered ${answered.join()}, not ${statuses.join()}`]
    const astray = wentOn === (then === 'goes on') ? [] : [`${wentOn ? 'went' : 'did not go'} on to the request behind it`]
    return [...faults, ...unexpected, ...astray].map((fault) => `${why}: ${fault}`)
  } catch (error) {
    return [`${why}: ${error}`]
  }
}

/** The JSON that one request is answered with, when nothing is wrong with the answer. */
export async function answerTo(target: FuzzTarget, request: string): Promise<unknown> {
  const { faults, replies } = await target.send(request, { whole: true })
  expect(faults).toEqual([])
  return JSON.parse(replies[0]?.body ?? 'null')
}
