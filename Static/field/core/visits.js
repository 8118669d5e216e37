// Doors. An operation's id is worked out from the list's secret, so that a phone, its pair and the paper list name one
// visit alike and it counts once. What the outcome was is forgotten here with the receipt: the door keeps its state.

import { base64url, fromBase64url, hex, utf8 } from "./canonical.js";

/** Outcomes in the order of the buttons, with what they make of the door. */
export const FAMILY = {
  ...{ nobody: "come_back", locked: "come_back", later: "come_back", unsafe: "come_back" },
  ...{ talked: "done", declined: "done", empty: "done", no_house: "done", do_not_visit: "do_not_visit" },
};
const RANK = ["fresh", "come_back", "done", "do_not_visit"];
export const MOST_ATTEMPTS = 3;
export const MOST_LEAFLETS = 99;

/** The first 16 bytes of HMAC-SHA256(secret, "list:row:attempt") as a UUID of version 8. */
export async function visitId(secret, list, row, attempt) {
  const key = await crypto.subtle.importKey("raw", fromBase64url(secret), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, utf8(`${list.toLowerCase()}:${row}:${attempt}`));
  const bytes = new Uint8Array(mac).slice(0, 16);
  bytes[6] = 0x80 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The leased lists, each with its round and its doors as they stand with the visits this phone holds.
 * `rows`: records of the outbox. -> [{round, id, number, until, secret, check, doors: [{row, …, state, visits}]}] */
export function listsOf(pulled, rows) {
  const mine = new Map();
  for (const { kind, body, view, carried, state } of rows) {
    if (kind !== "canvass.visit" || carried || !body) continue;
    const place = `${body.list}:${body.row}`;
    const known = mine.get(place) ?? { visits: 0, state: "fresh" };
    // A refused visit changes no door, but its number is used up.
    const then = state === "needs" ? known.state : further(known.state, view?.family);
    mine.set(place, { visits: Math.max(known.visits, body.attempt), state: then });
  }
  return (pulled?.rounds ?? []).flatMap((round) => round.lists.map((list) => ({
    ...{ round, ...list },
    doors: list.doors.map((door) => {
      const here = mine.get(`${list.id}:${door.row}`) ?? { visits: 0, state: "fresh" };
      return { ...door, visits: Math.max(door.visits ?? 0, here.visits), state: further(door.state, here.state) };
    }),
  })));
}

const further = (one, other) => (RANK.indexOf(other) > RANK.indexOf(one) ? other : one);

/** Whether somebody may go there now. */
export const isOpen = ({ state, visits }) => (state === "fresh" || state === "come_back") && visits < MOST_ATTEMPTS;

/** {fresh, come_back, done, do_not_visit}: how many doors stand so. */
export function progress({ doors }) {
  const counts = Object.fromEntries(RANK.map((state) => [state, 0]));
  for (const { state } of doors) counts[state] += 1;
  return counts;
}

/** Why a list may not be walked now: quiet, paused, over, hours; else null. `day` and `minute` (of that day) are the users'. */
export function obstacle({ round, until }, campaigns, day, minute) {
  const quiet = campaigns.find(({ code }) => code === round.campaign)?.quiet ?? [];
  if (round.class === "campaigning" && quiet.includes(day)) return "quiet";
  if (round.paused) return "paused";
  if (day > until || day > round.to) return "over";
  return round.hours && !within(round.hours, minute) ? "hours" : null;
}

const minutes = (text) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5));
const within = ({ from, to }, minute) => minute >= minutes(from) && minute < minutes(to);

/** Seals one visit. The same attempt again, by a second tap, is the same operation. -> the outbox's record */
export async function takeVisit(outbox, list, door, { day, outcome, leaflets = 0, question = false }) {
  const attempt = door.visits + 1;
  if (attempt > MOST_ATTEMPTS || !FAMILY[outcome]) throw new TypeError("no such visit");
  const body = {
    ...{ kind: "canvass.visit", campaign: list.round.campaign, list: list.id, row: door.row, attempt, day, outcome },
    ...{ leaflets: leaflets > 0 ? leaflets : undefined, question: question || undefined },
    salt: base64url(crypto.getRandomValues(new Uint8Array(16))),
  };
  const op = await visitId(list.secret, list.id, door.row, attempt);
  const forget = ["salt", "outcome", "leaflets", "question", "day"];
  return outbox.seal(body, { op, forget, view: { number: list.number, family: FAMILY[outcome] } });
}
