import { useQuery } from "urql";
import { Dialog } from "@/components/Dialog";
import { Loaded } from "@/components/Loaded";
import { useTexts } from "@/lib/i18n";
import { RelayLinkCode, type RelayLink } from "./documents";
import { texts } from "./texts";

/** The QR code of a public link, to look at and to save. */
export function QrDialog({ link, onClose }: { link: RelayLink; onClose: () => void }) {
  const say = useTexts(texts);
  const [result, again] = useQuery({ query: RelayLinkCode, variables: { id: link.id } });
  return (
    <Dialog title={say("qr")} onClose={onClose}>
      <Loaded result={result} retry={again}>
        {({ node }) => {
          const svg = node?.__typename === "RelayLink" ? (node.qrSvg ?? "") : "";
          const picture = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
          return (
            <div className="stack">
              <p>{say("qrLead", { campaign: link.campaign })}</p>
              <img className="qr" src={picture} alt={`${say("qr")}: ${link.url}`} />
              <a className="button" href={picture} download="tasuki-link.svg">
                {say("download")}
              </a>
            </div>
          );
        }}
      </Loaded>
    </Dialog>
  );
}
