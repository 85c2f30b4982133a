import { useQuery } from "urql";
import { Button } from "@/components/Button";
import { Form, TextField, textOf } from "@/components/Form";
import { Loaded } from "@/components/Loaded";
import { Page } from "@/components/Page";
import { useToast } from "@/components/Toast";
import { useChange } from "@/lib/changes";
import { useTexts } from "@/lib/i18n";
import { ConsortiumSettings, UpdateConsortium, type Settings } from "./documents";

const texts = {
  title: ["コンソーシアムの設定", "Consortium settings"],
  name: ["名称", "Name"],
  smallestCount: ["示す数の最小単位", "Smallest count told"],
  smallestCountHint: [
    "他社に関わる数は、この倍数で示します（1〜100）。",
    "Figures about others are told in multiples of this, 1 to 100.",
  ],
  retentionMonths: ["最後の操作から削除までの月数", "Months after the last activity until a record goes"],
  retentionHint: [
    "3〜24か月。30日前と7日前に本人へメールを送り、返事がなければ削除します。短くしても、2通のメールの期間は必ず置かれます。",
    "3 to 24. Mails go out 30 and 7 days before; who does not answer is erased. However short you make it, both mails have their full time.",
  ],
  requestDays: ["候補者の申出に回答するまでの日数", "Days to answer a candidate's request"],
  requestHint: ["1〜60日。すでに届いた申出の期限は変わりません。", "1 to 60. What was sent before keeps its day."],
  save: ["保存する", "Save"],
  saved: ["設定を保存しました", "The settings are saved"],
} as const;

export default function ConsortiumPage() {
  const say = useTexts(texts);
  const [result, refresh] = useQuery({ query: ConsortiumSettings });
  const again = () => {
    refresh({ requestPolicy: "network-only" });
  };
  return (
    <Page title={say("title")}>
      <Loaded result={result} retry={again}>
        {({ consortium }) => <SettingsForm settings={consortium} onSaved={again} />}
      </Loaded>
    </Page>
  );
}

function SettingsForm({ settings, onSaved }: { settings: Settings; onSaved: () => void }) {
  const say = useTexts(texts);
  const toast = useToast();
  const { run, errors, busy } = useChange(UpdateConsortium);
  const save = async (values: FormData) => {
    const numberOf = (name: string) => Number.parseInt(textOf(values, name), 10);
    const input = {
      name: textOf(values, "name"),
      smallestCount: numberOf("smallestCount"),
      retentionMonths: numberOf("retentionMonths"),
      requestDays: numberOf("requestDays"),
    };
    if ((await run({ input })) === null) return;
    toast(say("saved"));
    onSaved();
  };
  return (
    <Form onSubmit={(values) => void save(values)} errors={errors}>
      <TextField name="name" label={say("name")} defaultValue={settings.name} required maxLength={100} />
      <TextField
        name="retentionMonths"
        type="number"
        min={3}
        max={24}
        label={say("retentionMonths")}
        hint={say("retentionHint")}
        defaultValue={settings.retentionMonths}
        required
      />
      <TextField
        name="requestDays"
        type="number"
        min={1}
        max={60}
        label={say("requestDays")}
        hint={say("requestHint")}
        defaultValue={settings.requestDays}
        required
      />
      <TextField
        name="smallestCount"
        type="number"
        min={1}
        max={100}
        label={say("smallestCount")}
        hint={say("smallestCountHint")}
        defaultValue={settings.smallestCount}
        required
      />
      <div className="actions">
        <Button kind="primary" type="submit" busy={busy}>
          {say("save")}
        </Button>
      </div>
    </Form>
  );
}
