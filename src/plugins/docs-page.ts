type Operation = { get: (member: 'method' | 'path') => string }
type Sorter = (name1: string, name2: string) => number

/**
 * The order of two operations of a tag on the docs page: as the routes have it, but one category is deleted before all are, so
 * that each example finds something. It is sent to the browser as its source, so that it must refer to nothing outside itself.
 */
function order(a: Operation, b: Operation): number {
  return a.get('method') === 'delete' && b.get('method') === 'delete' ? b.get('path').length - a.get('path').length : 0
}

// The page's types know names alone; what it gives are operations.
export const storyOrder = order as unknown as Sorter

/** What the docs page runs beside its own: the reader's choice of dark or light. */
export const PAGE_SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()
`

/**
 * How the docs page differs from its own look: without what has no use here (a form that is always open cannot be cancelled, a
 * choice of one is none), and with errors' examples of a few lines each.
 */
export const PAGE_STYLE = `
.swagger-ui .try-out,
.swagger-ui .response-col_links,
.swagger-ui .response-control-media-type__accept-message,
.swagger-ui .response-control-media-type:has(option:only-child),
.swagger-ui .response-control-examples:has(option:only-child),
.swagger-ui .view-line-link.copy-to-clipboard { display: none; }
.swagger-ui .response .model-example pre { max-height: 12em; }
.swagger-ui .opblock-summary-control:focus-visible,
.swagger-ui .expand-operation:focus-visible { outline: 2px solid #4990e2; outline-offset: 2px; }
`
