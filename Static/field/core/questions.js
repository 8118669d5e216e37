// A resident's question: what is asked of whom takes it down, and the number by which an asker finds the answer.

const LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
export const MOST_CHARACTERS = 2000;
export const REPLIES = ["activist", "contact", "number", "none"];

/** 60 bits of chance, shown once to the asker: 7K3M-9QXD-2TVA */
export function trackingNumber() {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  const text = Array.from(bytes, (byte) => LETTERS[byte & 31]).join("");
  return text.replace(/(.{4})(?=.)/g, "$1-");
}

/** A telephone as the server takes it, or null. */
export function telephone(typed) {
  const bare = typed.replace(/[\s()‐-–-]/g, "").replace(/^8(?=\d{10}$)/, "+7");
  return /^\+\d{10,15}$/.test(bare) ? bare : null;
}

/** Whole characters as the server counts them. */
const characters = (text) => [...text].length;

/** -> null, or what is missing: text, long, reply, contact, adult. */
export function faultOf({ text, reply, contact }) {
  if (!text?.trim()) return "text";
  if (characters(text.trim()) > MOST_CHARACTERS || new TextEncoder().encode(text.trim()).length > 8000) return "long";
  if (!REPLIES.includes(reply)) return "reply";
  if (reply !== "contact") return null;
  const { kind, value = "", adult } = contact ?? {};
  const usable = kind === "phone" ? telephone(value) : /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim()) && value.trim().length <= 120;
  if (!usable) return "contact";
  return adult === true ? null : "adult";
}

/** The operation's body of a filled form. Only what the way back needs goes with it; never an address. */
export function questionOf({ campaign, unit, way, language, text, topic, reply, contact, event }) {
  const body = { kind: "question.ask", campaign, unit, way, language, text: text.trim(), reply };
  if (topic) body.topic = topic;
  if (event) body.event = event;
  if (reply === "number") body.number = trackingNumber();
  if (reply === "contact") {
    const value = contact.kind === "phone" ? telephone(contact.value) : contact.value.trim();
    body.contact = { kind: contact.kind, value, adult: true };
  }
  return body;
}

/** Own questions, newest first: what the server tells, and before it what waits here.
 * -> [{id, text, language, unit, state, waiting, told, …as pulled}] */
export function ownQuestions(pulled, rows) {
  const list = (pulled?.questions?.own ?? []).map((one) => ({ ...one, waiting: false, told: one.answer?.told ?? false }));
  const byId = new Map(list.map((one) => [one.id, one]));
  const fresh = [];
  for (const { op, kind, body, state, carried, at } of rows) {
    if (carried || state === "needs" || !body) continue;
    if (kind === "question.ask" && !byId.has(op) && state !== "accepted") {
      fresh.unshift({ id: op, ...pick(body), asked: at, state: "waiting", waiting: true, told: false });
    }
    const known = byId.get(body.question);
    if (kind === "question.told" && known?.answer?.version <= body.version) known.told = true;
    if (kind === "question.clarified" && known?.state === "clarify" && state !== "accepted") known.clarified = true;
  }
  return [...fresh, ...list];
}

const pick = ({ text, language, unit, reply }) => ({ text, language, unit, reply });
