import { use, useEffect, useState } from "react";
import { useQuery } from "urql";
import { Button, LinkButton } from "@/components/Button";
import { EmptyState } from "@/components/EmptyState";
import { Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page, Section } from "@/components/Page";
import { Progress } from "@/components/Progress";
import { Status, type Tone } from "@/components/Status";
import { Table } from "@/components/Table";
import { useChange } from "@/lib/changes";
import { daysBefore, TimeZoneContext, today, useFormat } from "@/lib/format";
import { useTexts } from "@/lib/i18n";
import { CancelAnalysis, JobAnswer, Jobs, StartAnalysis, type Job } from "./documents";
import { Sentences } from "./WordsSection";
import { texts } from "./texts";

const YEAR_DAYS = 365;
const LOOK_MILLISECONDS = 2_000;
const METRICS = ["STRENGTH", "REACH", "BROKERAGE", "COMMUNITIES", "FRAGILITY"] as const;
const TONES: Record<Job["status"], Tone> = {
  QUEUED: "wait",
  RUNNING: "wait",
  DONE: "good",
  FAILED: "stop",
  CANCELLED: "rest",
};

const isUnder = (job: Job) => job.status === "QUEUED" || job.status === "RUNNING";

export default function AnalysesPage() {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: Jobs, requestPolicy: "cache-and-network" });
  const [open, setOpen] = useState<string | null>(null);
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  const waits = result.data?.analysisJobs.nodes.some(isUnder) ?? false;
  useEffect(() => {
    if (!waits) return;
    const timer = setInterval(() => {
      refresh({ requestPolicy: "network-only" });
    }, LOOK_MILLISECONDS);
    return () => {
      clearInterval(timer);
    };
  }, [waits, refresh]);
  return (
    <Page
      title={say("jobsTitle")}
      lead={say("jobsLead")}
      back={<LinkButton href="/network">{say("title")}</LinkButton>}
    >
      <Start onStarted={again} />
      <Loaded result={result} retry={again}>
        {({ analysisJobs: { nodes } }) =>
          nodes.length === 0 ? (
            <EmptyState title={say("noJobs")} />
          ) : (
            <JobTable jobs={nodes} onChanged={again} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open !== null && <Opened key={open} id={open} />}
    </Page>
  );
}

function Start({ onStarted }: { onStarted: () => void }) {
  const say = useTexts(texts);
  const timeZone = use(TimeZoneContext);
  const start = useChange(StartAnalysis);
  const lastDay = today(timeZone);
  return (
    <Form
      className="form inline"
      errors={start.errors}
      onSubmit={(values) => {
        const where = { firstDay: textOf(values, "from"), lastDay: textOf(values, "until") };
        void start.run({ input: { where, metrics: [...METRICS] } }).then(onStarted);
      }}
    >
      <TextField name="from" type="date" required label={say("from")} defaultValue={daysBefore(lastDay, YEAR_DAYS)} />
      <TextField name="until" type="date" required label={say("until")} defaultValue={lastDay} />
      <Button type="submit" kind="primary" busy={start.busy}>
        {say("start")}
      </Button>
    </Form>
  );
}

type JobTableProps = { jobs: readonly Job[]; onChanged: () => void; onOpen: (id: string) => void };

function JobTable({ jobs, onChanged, onOpen }: JobTableProps) {
  const say = useTexts(texts);
  const format = useFormat();
  const cancel = useChange(CancelAnalysis);
  return (
    <Table
      caption={say("jobsTitle")}
      rows={jobs}
      rowKey={(job) => job.id}
      columns={[
        { key: "asked", title: say("asked"), cell: (job) => format.moment(job.createdAt) },
        { key: "days", title: say("days"), cell: (job) => `${job.firstDay} – ${job.lastDay}` },
        {
          key: "status",
          title: say("status"),
          cell: (job) => (
            <>
              <Status tone={TONES[job.status]}>{say(job.status)}</Status>
              {job.failure !== null && <p className="note">{job.failure.message}</p>}
            </>
          ),
        },
        {
          key: "progress",
          title: say("progress"),
          cell: (job) => <Progress label={say("progress")} done={job.stepsDone} of={job.stepsTotal} />,
        },
        {
          key: "actions",
          title: say("actions"),
          cell: (job) => (
            <>
              {isUnder(job) && (
                <Button
                  onClick={() => {
                    void cancel.run({ input: { id: job.id } }).then(onChanged);
                  }}
                >
                  {say("cancel")}
                </Button>
              )}
              {job.status === "DONE" && (
                <Button
                  onClick={() => {
                    onOpen(job.id);
                  }}
                >
                  {say("open")}
                </Button>
              )}
            </>
          ),
        },
      ]}
    />
  );
}

function Opened({ id }: { id: string }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: JobAnswer, variables: { id } });
  return (
    <Section title={say("answer")}>
      <Loaded result={result} retry={again}>
        {({ node }) => {
          if (node?.__typename !== "AnalysisJob" || node.network === null) return null;
          const { dataVersion, ...answers } = node.network;
          return (
            <>
              <p className="note">{say("version", { version: dataVersion })}</p>
              <Sentences answers={answers} />
            </>
          );
        }}
      </Loaded>
    </Section>
  );
}
