import type { Texts } from "@/lib/i18n";

export const texts = {
  title: ["退職の記録", "Recorded exits"],
  lead: [
    "記録された退職のうち、有効なものです。誤りで、記録した側が取り消さないときは、ここで取り消せます。退職した方のことは示しません。",
    "The exits that stand. One recorded by mistake, which the side that recorded it does not take back, is taken back here. Nothing is shown of who left.",
  ],
  none: ["有効な退職の記録はありません", "No exit stands"],
  company: ["採用した企業", "Hired by"],
  all: ["すべて", "All"],
  introducer: ["紹介した組織", "Introduced by"],
  joined: ["入社日", "Joined"],
  left: ["退職日", "Left"],
  recorded: ["記録", "Recorded"],
  status: ["種別", "Kind"],
  early: ["保証期間内", "Within the guarantee"],
  late: ["保証期間後", "After it"],
  action: ["操作", "Action"],
  takeBack: ["取り消す", "Take back"],
  takeBackOf: ["{company} {day} の退職を取り消す", "Take back the exit of {day} at {company}"],
  ask: [
    "退職の記録を取り消し、採用を元に戻します。戻っていた無料採用枠は、再びこの採用に使われます。",
    "Take the exit back? The hire stands as before, and a free hire that came back is spent on it again.",
  ],
  done: ["取り消しました", "It is taken back"],
} as const satisfies Texts;
