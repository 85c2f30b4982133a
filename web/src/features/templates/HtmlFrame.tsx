import { useMemo } from "react";

const STYLE = "data-mail-style";

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
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const sheet of page.querySelectorAll("style, script, link")) sheet.remove();
  for (const element of page.querySelectorAll("[style]")) {
    element.setAttribute(STYLE, element.getAttribute("style") ?? "");
    element.removeAttribute("style");
  }
  return `<!doctype html>${page.documentElement.outerHTML}`;
}

function applyStyles(page: Document | null): void {
  if (page === null) return;
  for (const element of page.querySelectorAll<HTMLElement>(`[${STYLE}]`)) {
    element.style.cssText = element.getAttribute(STYLE) ?? "";
  }
}
