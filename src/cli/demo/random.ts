export type Random = ReturnType<typeof createRandom>

/** Numbers that look random and are the same for the same seed: a linear congruential generator of 48 bits, as drand48 is. */
export function createRandom(seed: number) {
  const MULTIPLIER = 0x5deece66dn
  const MASK = (1n << 48n) - 1n
  let state = ((BigInt(seed) << 16n) | 0x330en) & MASK

  /** From 0 up to, but not, 1. */
  function fraction(): number {
    state = (state * MULTIPLIER + 0xbn) & MASK
    return Number(state) / 2 ** 48
  }

  function whole(min: number, max: number): number {
    return min + Math.floor(fraction() * (max - min + 1))
  }

  return {
    fraction,
    /** A whole number from `min` to `max`, both included. */
    whole,
    /** An amount of money, with two decimals. */
    money: (min: number, max: number) => whole(min * 100, max * 100) / 100,
    /** Whether something happens that does so often. */
    chance: (share: number) => fraction() < share,
    pick<Item>(items: readonly [Item, ...Item[]]): Item {
      return items[whole(0, items.length - 1)] ?? items[0]
    },
  }
}
