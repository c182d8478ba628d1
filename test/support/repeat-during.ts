/** Does a step again and again until the work is over, at least once; what each brought. */
export async function repeatDuring<Result>(work: Promise<unknown>, step: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = []
  let isOver = false
  const end = () => {
    isOver = true
  }
  void work.then(end, end)
  do results.push(await step())
  while (!isOver)
  return results
}
