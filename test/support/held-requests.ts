import { echo, type StoreRequest } from './loopback-store.ts'

/** Holds requests until they are to be answered, in their order. */
export function createHeldRequests() {
  const held: StoreRequest[] = []
  return {
    hold: (request: StoreRequest) => void held.push(request),
    answerNext: () => {
      const next = held.shift()
      if (next) echo(next)
    },
  }
}
