import { Component, lazy, Suspense, use, useMemo, type ReactNode } from "react";
import { Provider } from "urql";
import { Redirect, Route, Router, Switch } from "wouter";
import { Button, LinkButton } from "@/components/Button";
import { Loading } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { ToastProvider } from "@/components/Toast";
import { createClient } from "@/lib/client";
import { useTexts } from "@/lib/i18n";
import { useViewer, ViewerContext } from "@/lib/viewer";
import { Gate } from "./Gate";
import { ROUTES } from "./routes";
import { LanguageProvider, ViewerProvider } from "./session";
import { Shell } from "./Shell";
import { texts } from "./texts";

const BASE = "/app";

const SignInPage = lazy(() => import("@/features/account/SignInPage"));
const InvitationPage = lazy(() => import("@/features/account/InvitationPage"));
const CompanyHomePage = lazy(() => import("@/features/home/CompanyHomePage"));
const OverviewPage = lazy(() => import("@/features/overview/OverviewPage"));
const ForgottenPage = lazy(() => import("@/features/account/ForgottenPage"));
const ResetPage = lazy(() => import("@/features/account/ResetPage"));
const SettingsPage = lazy(() => import("@/features/account/SettingsPage"));

export function App() {
  const client = useMemo(() => createClient(() => document.documentElement.lang), []);
  return (
    <Provider value={client}>
      <LanguageProvider>
        <ToastProvider>
          <Stumble>
            <Router base={BASE}>
              <ViewerProvider>
                <Suspense fallback={<Loading />}>
                  <Doors />
                </Suspense>
              </ViewerProvider>
            </Router>
          </Stumble>
        </ToastProvider>
      </LanguageProvider>
    </Provider>
  );
}

function Doors() {
  return (
    <Switch>
      <Route path="/sign-in">
        <Gate>
          <SignInPage />
        </Gate>
      </Route>
      <Route path="/forgotten">
        <Gate>
          <ForgottenPage />
        </Gate>
      </Route>
      <Route path="/reset/:token">
        {({ token }) => (
          <Gate>
            <ResetPage token={token} />
          </Gate>
        )}
      </Route>
      <Route path="/invitation/:token">
        {({ token }) => (
          <Gate>
            <InvitationPage token={token} />
          </Gate>
        )}
      </Route>
      <Route>
        <Inside />
      </Route>
    </Switch>
  );
}

function Inside() {
  if (use(ViewerContext) === null) return <Redirect to="/sign-in" replace />;
  return (
    <Shell>
      <Suspense fallback={<Loading />}>
        <Pages />
      </Suspense>
    </Shell>
  );
}

function Pages() {
  const viewer = useViewer();
  return (
    <Switch>
      <Route path="/">
        <HomePage />
      </Route>
      <Route path="/settings">
        <SettingsPage />
      </Route>
      {ROUTES.filter((route) => viewer.may(route.needs)).map(({ path, page: PageOf }) => (
        <Route key={path} path={path}>
          {(found: Record<string, string | undefined>) => <PageOf id={found["id"] ?? ""} key={found["id"]} />}
        </Route>
      ))}
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}

/** Everyone begins where their work is. */
function HomePage() {
  const viewer = useViewer();
  if (viewer.organization?.isCompany) return <CompanyHomePage />;
  if (viewer.organization) return <Redirect to="/cases" replace />;
  return viewer.may("MANAGE_MEMBERS") ? <OverviewPage /> : <Redirect to="/flows" replace />;
}

function NotFound() {
  const say = useTexts(texts);
  return (
    <Page title={say("notFound")} lead={say("notFoundLead")}>
      <p>
        <LinkButton href="/">{say("toHome")}</LinkButton>
      </p>
    </Page>
  );
}

/** A fault of ours leaves a sentence and a way on, not an empty window. */
class Stumble extends Component<{ children: ReactNode }, { fell: boolean }> {
  override state = { fell: false };

  static getDerivedStateFromError() {
    return { fell: true };
  }

  override render() {
    return this.state.fell ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const say = useTexts(texts);
  return (
    <main className="main">
      <Page title={say("broken")} lead={say("brokenLead")}>
        <p>
          <Button
            kind="primary"
            onClick={() => {
              window.location.reload();
            }}
          >
            {say("reload")}
          </Button>
        </p>
      </Page>
    </main>
  );
}
