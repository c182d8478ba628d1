export function median(numbers: readonly number[]): number {
  return quantile(numbers, 0.5)
}

/** The first and the third quartile, to so many digits behind the point. */
export function quartiles(numbers: readonly number[], digits = 1): string[] {
  return [0.25, 0.75].map((share) => quantile(numbers, share).toFixed(digits))
}

/** The value below which that share of the numbers is, between the two nearest values in proportion. */
export function quantile(numbers: readonly number[], share: number): number {
  return quantileOfSorted(
    numbers.toSorted((a, b) => a - b),
    share,
  )
}

/** The same of numbers that are in order already. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = (sorted.length - 1) * share
  const below = sorted[Math.floor(position)] ?? Number.NaN
  const above = sorted[Math.ceil(position)] ?? Number.NaN
  return below + (above - below) * (position - Math.floor(position))
}
