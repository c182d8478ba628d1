type Props = { content: unknown; contentType: string }
type Component = (props: Readonly<Record<string, unknown>>) => unknown
type System = {
  React: { createElement: (component: unknown, props: object | null, ...children: unknown[]) => unknown }
  getComponent: (name: string, isContainer?: boolean) => Component
}

/**
 * A plugin of the docs page, which shows JSON of replies with all digits of its numbers: the page's own reading makes doubles of
 * them. It is sent to the browser as its source, so that it must refer to nothing outside itself.
 * Source: Swagger UI, "Plugin API", wrapComponents; TC39 "JSON.parse source text access", which browsers of 2024 and later have.
 */
export function exactReplies() {
  type Context = { source: string }
  type ExactJson = {
    parse: (text: string, revive: (name: string, value: unknown, context?: Context) => unknown) => unknown
    rawJSON: (source: string) => unknown
    stringify: (value: unknown, replacer: null, indent: number) => string
  }

  function indent(text: string): string {
    const exact = JSON as unknown as ExactJson
    const value = exact.parse(text, (_name, member, context) =>
      typeof member === 'number' && context ? exact.rawJSON(context.source) : member,
    )
    return exact.stringify(value, null, 2)
  }

  return {
    wrapComponents: {
      responseBody: (Original: Component, { React, getComponent }: System) =>
        function ExactResponseBody(props: Props) {
          const { content, contentType } = props
          try {
            if (typeof content !== 'string' || !/json/i.test(contentType)) throw new TypeError('no JSON')
            const language = { language: 'json', canCopy: true, downloadable: true, fileName: 'reply.json' }
            return React.createElement(
              'div',
              null,
              React.createElement('h5', null, 'Response body'),
              React.createElement(getComponent('HighlightCode', true), language, indent(content)),
            )
          } catch {
            return React.createElement(Original, props)
          }
        },
    },
  }
}
