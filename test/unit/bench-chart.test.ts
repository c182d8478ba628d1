import { expect, test } from 'vitest'
import { niceStep, renderChart } from '../../bench/support/chart.ts'

function render(values: readonly number[], label = 'x'): string {
  const bars = values.map((value) => ({ label, value, note: '', color: 'red' }))
  return renderChart({ title: label, subtitles: [label], axisLabel: label, panels: [{ title: label, bars }] })
}

test('bars are as long as their values are large', () => {
  const svg = render([100, 25, 50])

  const widths = [...svg.matchAll(/width="([\d.]+)" height="22"/g)].map(([, width]) => Number(width))
  expect(widths.map((width) => width / Number(widths[0]))).toEqual([1, expect.closeTo(0.25, 2), expect.closeTo(0.5, 2)])
})

test('what a label says cannot end its element', () => {
  const svg = render([1], '<b> & "c"')

  expect(svg).not.toContain('<b>')
  expect(svg).toContain('&lt;b&gt; &amp; "c"')
})

test.for([
  [0.3, 0.5],
  [1, 1],
  [180, 200],
  [501, 1000],
] as const)('steps of at least %d are steps of %d', ([least, step]) => {
  expect(niceStep(least)).toBeCloseTo(step)
})
