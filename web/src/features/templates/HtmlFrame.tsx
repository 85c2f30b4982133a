import { useMemo } from "react";

const STYLE = "data-mail-style";
const STYLE_ATTRIBUTE = /\sstyle=(["'])/g;
const STYLE_SHEET = /<style[\s\S]*?<\/style>/g;

/**
 * A mail's HTML in a frame without scripts.
 *
 * Our policy forbids style attributes, and a frame inherits it. Set one by one from here, the
 * mail's styles are kept all the same; its style sheets are not needed to read it.
 */
export function HtmlFrame({ title, html }: { title: string; html: string }) {
  const page = useMemo(() => withStylesAside(html), [html]);
  return (
    <iframe
      className="preview"
      title={title}
      sandbox="allow-same-origin"
      srcDoc={page}
      onLoad={(event) => {
        applyStyles(event.currentTarget.contentDocument);
      }}
    />
  );
}

function withStylesAside(html: string): string {
  // Quotes in a mail's words are escaped, so that only attributes look like this.
  return html.replace(STYLE_ATTRIBUTE, ` ${STYLE}=$1`).replace(STYLE_SHEET, "");
}

function applyStyles(page: Document | null): void {
  if (page === null) return;
  for (const element of page.querySelectorAll<HTMLElement>(`[${STYLE}]`)) {
    element.style.cssText = element.getAttribute(STYLE) ?? "";
  }
}
