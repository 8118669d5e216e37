// Handing the queue to another phone, and taking over another's: as a file, or as QR codes shown one after another.

import { exportQueue, Frames, frames, importQueue, queueText } from "../core/handover.js";
import { button, h, note, say, t } from "./dom.js";
import { qrPicture } from "./picture.js";

export function hand(app) {
  const place = h("div", { "aria-live": "polite" });
  const { outbox } = app.field;
  const file = h("input", { type: "file", accept: ".jsonl,application/x-ndjson", class: "unseen", name: "queue",
    onchange: async () => file.files[0] && take(outbox, await file.files[0].text()) });
  return h("div", {}, note(t("hand_about"), "plain"),
    h("div", { class: "pair" }, button(t("by_file"), () => download(app)), button(t("by_qr"), () => show(outbox, place)),
      h("label", { class: "button file" }, file, t("take_file")), button(t("take_qr"), () => scan(outbox, place))), place);
}

async function download(app) {
  const url = URL.createObjectURL(await exportQueue(app.field.outbox));
  h("a", { href: url, download: `jarshy-queue-${app.field.clock.today().day}.jsonl` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

async function take(outbox, text) {
  try {
    const { taken, known, refused } = await importQueue(text, outbox);
    say(t("taken", { n: taken, m: known, k: refused }));
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    say(t("not_queue"), "stop");
  }
}

async function show(outbox, place) {
  const parts = await frames(await queueText(outbox));
  let at = 0;
  const paint = async () => {
    const label = t("qr_of", { n: at + 1, m: parts.length });
    const picture = await qrPicture(parts[at], label);
    const next = () => {
      at = (at + 1) % parts.length;
      return paint();
    };
    place.replaceChildren(picture, note(label), parts.length > 1 ? button(t("next"), next, "main") : "");
  };
  if (parts.length) await paint();
}

async function scan(outbox, place) {
  if (!globalThis.BarcodeDetector) return say(t("no_detector"), "warn");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    return say(t("no_camera"), "warn");
  }
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const video = h("video", { class: "qr", playsinline: true });
  const told = note("");
  const end = () => {
    stream.getTracks().forEach((track) => track.stop());
    place.replaceChildren();
  };
  place.replaceChildren(video, told, button(t("stop"), end));
  video.srcObject = stream;
  await video.play();
  const found = new Frames();
  while (stream.active && place.isConnected) {
    for (const { rawValue } of await detector.detect(video).catch(() => [])) {
      const state = await found.add(rawValue);
      if (state) told.textContent = t("qr_have", { n: state.have, m: state.total });
    }
    const text = await found.text();
    if (text) {
      end();
      return take(outbox, text);
    }
    await new Promise((wake) => setTimeout(wake, 120));
  }
  end();
}
