/** Plays rounds in the order A B C, C B A, …: what drifts, drifts for all. Each round holds what each entrant brought. */
export async function alternate<Name extends string, Entrant, Result>(
  rounds: number,
  entrants: Record<Name, Entrant>,
  play: (entrant: Entrant, name: NoInfer<Name>, round: number) => Promise<Result>,
): Promise<Record<Name, Result>[]> {
  const names = Object.keys(entrants) as Name[]
  const played: Record<Name, Result>[] = []
  for (let round = 1; round <= rounds; round += 1) {
    const results = {} as Record<Name, Result>
    for (const name of round % 2 === 1 ? names : names.toReversed()) results[name] = await play(entrants[name], name, round)
    played.push(results)
  }
  return played
}
