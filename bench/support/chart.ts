export type Bar = { label: string; value: number; note: string; color: string }
/** Bars with a scale of their own. */
export type Panel = { title: string; bars: readonly Bar[] }
export type Chart = { title: string; subtitles: readonly string[]; axisLabel: string; panels: readonly Panel[] }

const PANELS_IN_ROW = 2
const PANEL_WIDTH = 460
const PANEL_HEIGHT = 184
const MARGIN = 28
const HEADER_HEIGHT = 108
const LABEL_WIDTH = 92
const NOTE_WIDTH = 118
const BAR_HEIGHT = 22
const BAR_STEP = 32
const TITLE_HEIGHT = 30
const TICKS = 5
const FONT = "system-ui, -apple-system, 'Segoe UI', 'Helvetica Neue', Arial, sans-serif"
const [INK, FAINT_INK, LINE] = ['#1f2328', '#59636e', '#d8dee4']

/** Panels of bars as an SVG, on a background of its own, so that it can be read on a light page and on a dark one. */
export function renderChart({ title, subtitles, axisLabel, panels }: Chart): string {
  const rows = Math.ceil(panels.length / PANELS_IN_ROW)
  const width = 2 * MARGIN + PANELS_IN_ROW * PANEL_WIDTH
  const height = HEADER_HEIGHT + rows * PANEL_HEIGHT
  const drawn = panels.map((panel, index) => {
    const x = MARGIN + (index % PANELS_IN_ROW) * PANEL_WIDTH
    const y = HEADER_HEIGHT + Math.floor(index / PANELS_IN_ROW) * PANEL_HEIGHT
    return `<g transform="translate(${x} ${y})">\n${renderPanel(panel, axisLabel)}\n</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>${escapeText(title)}</title>
<style>
text { font-family: ${FONT}; font-size: 13px; fill: ${INK} }
.title { font-size: 19px; font-weight: 600 }
.panel { font-size: 14px; font-weight: 600 }
.faint { font-size: 12px; fill: ${FAINT_INK} }
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" fill="#ffffff" stroke="${LINE}"/>
${text(MARGIN, 36, title, 'class="title"')}
${subtitles.map((line, index) => text(MARGIN, 60 + index * 18, line, 'class="faint"')).join('\n')}
${drawn.join('\n')}
</svg>
`
}

function renderPanel({ title, bars }: Panel, axisLabel: string): string {
  const plotWidth = PANEL_WIDTH - LABEL_WIDTH - NOTE_WIDTH
  const bottom = TITLE_HEIGHT + bars.length * BAR_STEP
  const step = niceStep(Math.max(...bars.map(({ value }) => value)) / TICKS)
  const most = Math.max(...bars.map(({ value }) => value), step)
  const xOf = (value: number) => round(LABEL_WIDTH + (value / most) * plotWidth)

  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step)
  const grid = ticks.map(
    (tick) =>
      `<path d="M${xOf(tick)} ${TITLE_HEIGHT - 6}V${bottom}" stroke="${LINE}"/>` +
      text(xOf(tick), bottom + 16, tick.toLocaleString('en-US'), 'class="faint" text-anchor="middle"'),
  )
  const drawn = bars.map(({ label, value, note, color }, index) => {
    const y = TITLE_HEIGHT + index * BAR_STEP
    const baseline = y + BAR_HEIGHT / 2 + 5
    const barWidth = round(Math.max(1, xOf(value) - LABEL_WIDTH))
    return [
      text(LABEL_WIDTH - 8, baseline, label, 'text-anchor="end"'),
      `<rect x="${LABEL_WIDTH}" y="${y}" width="${barWidth}" height="${BAR_HEIGHT}" rx="2" fill="${color}"/>`,
      text(LABEL_WIDTH + barWidth + 6, baseline, note, `stroke="#ffffff" stroke-width="4" paint-order="stroke"`),
    ].join('')
  })
  const axis = text(LABEL_WIDTH, bottom + 33, axisLabel, 'class="faint"')
  return [text(LABEL_WIDTH, 14, title, 'class="panel"'), ...grid, ...drawn, axis].join('\n')
}

/** 1, 2 or 5 times a power of ten, at least as large. */
export function niceStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5].find((factor) => factor * power >= least) ?? 10) * power
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${x}" y="${y}" ${attributes}>${escapeText(content)}</text>`
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10
}

function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
