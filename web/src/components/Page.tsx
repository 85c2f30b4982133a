import { useEffect, useRef, type ReactNode } from "react";

type PageProps = {
  title: string;
  lead?: ReactNode;
  back?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
};

const FIRST_ADDRESS = window.location.href;
let wentOn = false;

/** One page: its title is the document's, and takes the focus when the page is reached by a link. */
export function Page({ title, lead, back, actions, children }: PageProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} – Tasuki`;
  }, [title]);
  useEffect(() => {
    wentOn ||= window.location.href !== FIRST_ADDRESS;
    if (wentOn) {
      window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
  }, []);
  return (
    <div className="page">
      <header className="page-head">
        {back}
        <div className="page-title">
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {actions !== undefined && <div className="actions">{actions}</div>}
        </div>
        {lead !== undefined && <p className="lead">{lead}</p>}
      </header>
      {children}
    </div>
  );
}

type SectionProps = { title: string; note?: ReactNode; actions?: ReactNode; children: ReactNode };

export function Section({ title, note, actions, children }: SectionProps) {
  return (
    <section className="section">
      <div className="section-head">
        <h2>{title}</h2>
        {actions !== undefined && <div className="actions">{actions}</div>}
      </div>
      {note !== undefined && <p className="note">{note}</p>}
      {children}
    </section>
  );
}

/** The heading of a page before signing in. */
export function GateHeading({ title }: { title: string }) {
  useEffect(() => {
    document.title = `${title} – Tasuki`;
  }, [title]);
  return <h1>{title}</h1>;
}
