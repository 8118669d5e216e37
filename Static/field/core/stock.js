// Materials by unit and poster sites, with what waits on this phone added. A count beyond the stock is the server's to
// mark; the phone never shows less than nothing.

export const CONDITIONS = ["in_place", "damaged", "missing", "removed"];
export const LOSSES = ["damaged", "lost", "outdated", "other"];

const waiting = ({ state, carried, body }) => !carried && body && (state === "sealed" || state === "sending");

/** -> [{unit, material, …as pulled, here}], here = on hand once all that waits is accepted. */
export function stockOf(pulled, rows) {
  const incoming = new Map((pulled?.materials?.incoming ?? []).map((one) => [one.move, one]));
  const change = new Map();
  const add = (unit, material, n) => change.set(`${unit} ${material}`, (change.get(`${unit} ${material}`) ?? 0) + n);
  const counted = new Map();
  for (const { kind, body } of rows.filter(waiting)) {
    const { unit, material, quantity = 0 } = body;
    if (kind === "material.receive") add(unit, material, quantity);
    if (["material.move", "material.hand_out", "material.write_off"].includes(kind)) add(unit, material, -quantity);
    if (kind === "material.accept") add(unit, incoming.get(body.move)?.material, body.arrived);
    if (kind === "material.count") {
      counted.set(`${unit} ${material}`, body.counted);
      change.set(`${unit} ${material}`, 0);
    }
  }
  return (pulled?.materials?.stock ?? []).map((one) => {
    const key = `${one.unit} ${one.material}`;
    return { ...one, here: Math.max(0, (counted.get(key) ?? one.on_hand) + (change.get(key) ?? 0)) };
  });
}

/** Moves on their way here that nobody on this phone has acknowledged yet. */
export function incomingOf(pulled, rows) {
  const seen = new Set(rows.filter(({ state, carried }) => !carried && state !== "needs").map(({ kind, body }) => kind === "material.accept" && body?.move));
  return (pulled?.materials?.incoming ?? []).filter(({ move }) => !seen.has(move));
}

/** Poster sites: what must come down first, then by address. A condition that waits here is shown as it will be. */
export function sitesOf(pulled, rows, day) {
  const latest = new Map();
  for (const { kind, body } of rows.filter(waiting)) if (kind === "site.condition") latest.set(body.site, body.condition);
  const sites = (pulled?.materials?.sites ?? []).map((site) => {
    const condition = latest.get(site.id) ?? site.condition;
    const stands = condition === "in_place" || condition === "damaged";
    return { ...site, condition, waiting: latest.has(site.id), due: stands && Boolean(site.take_down) && site.take_down <= day };
  });
  return sites.sort((one, other) => other.due - one.due || (one.take_down ?? "9").localeCompare(other.take_down ?? "9")
    || one.address.localeCompare(other.address));
}

/** On a quiet day nothing of the class campaigning is handed out, whatever the network says. */
export const isQuiet = (thing, campaigns, day) =>
  thing.class === "campaigning" && campaigns.some(({ quiet }) => quiet.includes(day));

/** What a deed on a material still lacks: quantity, beyond (more than is here), from, to, reason, counted; else null. */
export function faultOf({ kind, quantity, counted, from, to, reason, note, arrived, returned, sent }, here) {
  const whole = (n, least) => Number.isSafeInteger(n) && n >= least && n <= 1_000_000;
  const said = (text) => Boolean(text?.trim());
  if (kind === "material.count") {
    if (!whole(counted, 0)) return "counted";
    return counted !== here && !said(reason) ? "reason" : null;
  }
  if (kind === "material.accept") {
    if (!whole(arrived, 0) || !whole(returned, 0) || arrived + returned > sent) return "arrived";
    return arrived + returned < sent && !said(reason) ? "reason" : null;
  }
  if (!whole(quantity, 1)) return "quantity";
  if ((kind === "material.move" || kind === "material.write_off") && quantity > here) return "beyond";
  if (kind === "material.receive" && !said(from)) return "from";
  if (kind === "material.move" && !to) return "to";
  return kind === "material.write_off" && (!LOSSES.includes(reason) || (reason === "other" && !said(note))) ? "reason" : null;
}
