/** Holds handlers where a test wants them: `arrive` waits until `open`; `arrived` tells that so many have come. */
export function createGate(count = 1) {
  const arrival = Promise.withResolvers<void>()
  const opening = Promise.withResolvers<void>()
  let came = 0
  return {
    arrive(): Promise<void> {
      came += 1
      if (came === count) arrival.resolve()
      return opening.promise
    },
    arrived: arrival.promise,
    open: () => opening.resolve(),
  }
}
