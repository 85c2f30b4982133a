import { TextField } from "@/components/Form";
import { optionalText, textOf } from "@/components/Form";
import { useTexts } from "@/lib/i18n";
import type { MemberNode } from "./documents";
import { texts } from "./texts";

type MemberFieldsProps = { member?: MemberNode; licensed: boolean };

/** The fields of a member that can change. */
export function MemberFields({ member, licensed }: MemberFieldsProps) {
  const say = useTexts(texts);
  const agency = member?.__typename === "Agency" ? member : undefined;
  return (
    <>
      <TextField name="name" label={say("name")} required maxLength={200} defaultValue={member?.name} />
      <TextField name="nameEn" label={say("nameEn")} defaultValue={member?.nameEn ?? ""} />
      <div className="pair">
        <TextField
          name="industry"
          label={say("industry")}
          hint={say("industryHint")}
          defaultValue={member?.industryGroup?.code ?? member?.industryDivision?.code ?? ""}
        />
        <TextField
          name="prefecture"
          label={say("prefecture")}
          hint={say("prefectureHint")}
          defaultValue={member?.prefecture?.name ?? ""}
        />
      </div>
      <TextField
        name="mailDomain"
        label={say("mailDomain")}
        hint={say("mailDomainHint")}
        defaultValue={member?.mailDomain ?? ""}
      />
      {licensed && (
        <div className="pair">
          <TextField
            name="licenceNumber"
            label={say("licence")}
            hint={say("licenceHint")}
            defaultValue={agency?.licenceNumber ?? ""}
          />
          <TextField
            name="licenceExpiresOn"
            type="date"
            label={say("licenceExpires")}
            defaultValue={agency?.licenceExpiresOn ?? ""}
          />
        </div>
      )}
    </>
  );
}

export function memberOf(values: FormData) {
  return {
    name: textOf(values, "name"),
    nameEn: optionalText(values, "nameEn"),
    industry: optionalText(values, "industry"),
    prefecture: optionalText(values, "prefecture"),
    mailDomain: optionalText(values, "mailDomain"),
    licenceNumber: optionalText(values, "licenceNumber"),
    licenceExpiresOn: optionalText(values, "licenceExpiresOn"),
  };
}
