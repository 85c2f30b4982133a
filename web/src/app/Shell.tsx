import { useId, useState, type ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { Button } from "@/components/Button";
import { useTexts } from "@/lib/i18n";
import { useViewer } from "@/lib/viewer";
import { useNameOf } from "@/lib/vocabulary";
import { Brand } from "./Brand";
import { LanguageSwitch } from "./LanguageSwitch";
import { groupsFor } from "./navigation";
import { useSignOut } from "./session";
import { texts } from "./texts";

/** What stands around every page of a signed-in person. */
export function Shell({ children }: { children: ReactNode }) {
  const say = useTexts(texts);
  const id = useId();
  const [location] = useLocation();
  // Going to another page closes the menu.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === location;
  return (
    <div className="shell">
      <a
        className="skip"
        href="#content"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById("content")?.focus();
        }}
      >
        {say("skip")}
      </a>
      <header className="rail">
        <div className="rail-head">
          <Brand />
          <span className="menu-button">
            <Button
              kind="quiet"
              aria-expanded={open}
              aria-controls={id}
              onClick={() => {
                setOpenAt(open ? null : location);
              }}
            >
              {say("menu")}
            </Button>
          </span>
        </div>
        <div id={id} className={open ? "rail-body open" : "rail-body"}>
          <Where />
          <Navigation />
          <Foot />
        </div>
      </header>
      <main className="main" id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function Where() {
  const viewer = useViewer();
  const nameOf = useNameOf();
  return (
    <p className="rail-where">
      <strong>{viewer.organization === null ? viewer.consortium.name : nameOf(viewer.organization)}</strong>
      {viewer.organization === null ? viewer.name : viewer.consortium.name}
    </p>
  );
}

function Navigation() {
  const say = useTexts(texts);
  const [location] = useLocation();
  const here = (href: string) => location === href || (href !== "/" && location.startsWith(`${href}/`));
  return (
    <nav className="nav" aria-label={say("navigation")}>
      {groupsFor(useViewer()).map((group) => (
        <div key={group.name ?? ""}>
          {group.name !== null && <h2>{say(group.name)}</h2>}
          <ul>
            {group.places.map((place) => (
              <li key={place.href}>
                <Link href={place.href} aria-current={here(place.href) ? "page" : undefined}>
                  {say(place.name)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function Foot() {
  const say = useTexts(texts);
  const signOut = useSignOut();
  const [location] = useLocation();
  return (
    <div className="rail-foot">
      <div className="nav">
        <Link href="/settings" aria-current={location === "/settings" ? "page" : undefined}>
          {say("settings")}
        </Link>
      </div>
      <LanguageSwitch />
      <Button kind="quiet" onClick={signOut}>
        {say("signOut")}
      </Button>
    </div>
  );
}
