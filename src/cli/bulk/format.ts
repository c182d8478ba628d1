/** A number for people: whole, by thousands. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US')
}

/** Seconds for people, by their two largest units: 42s, 3m05s, 2h10m. */
export function formatDuration(seconds: number): string {
  const whole = Math.ceil(seconds)
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60]
  const twoDigits = (count: number) => String(count).padStart(2, '0')
  if (hours > 0) return `${formatCount(hours)}h${twoDigits(minutes)}m`
  return minutes > 0 ? `${minutes}m${twoDigits(whole % 60)}s` : `${whole}s`
}
