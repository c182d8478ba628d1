/** Rows that may be settled ahead of one that takes long. */
const MAX_AHEAD = 4096

type Entry<Item, Outcome> = { item: Item; outcome: Outcome | undefined }

/** Keeps items that are settled in any order, and tells of each once all before it are settled. */
export function createOrder<Item, Outcome>(onSettled: (item: Item, outcome: Outcome) => void) {
  const entries: Entry<Item, Outcome>[] = []
  let told = 0

  function tell(): void {
    for (let entry = entries[told]; entry?.outcome !== undefined; entry = entries[told]) {
      told += 1
      onSettled(entry.item, entry.outcome)
    }
    // Not for each: what stays is moved.
    if (told < MAX_AHEAD) return
    entries.splice(0, told)
    told = 0
  }

  return {
    hasRoom: () => entries.length - told < MAX_AHEAD,

    /** Adds an item; returns what settles it. */
    add(item: Item): (outcome: Outcome) => void {
      const entry: Entry<Item, Outcome> = { item, outcome: undefined }
      entries.push(entry)
      return (outcome) => {
        entry.outcome = outcome
        tell()
      }
    },
  }
}
