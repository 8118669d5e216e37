// What waits at each place of the phone, in a few words: the day's list.

import { ownQuestions } from "../core/questions.js";
import { incomingOf, sitesOf } from "../core/stock.js";
import { isOpen, listsOf } from "../core/visits.js";
import { t } from "./dom.js";

/** {name of a screen: words}; a place where nothing waits is left out. `rows`: records of the outbox. */
export function agenda({ field: { pull: { data } } }, day, rows) {
  if (!data) return {};
  const doors = listsOf(data, rows).flatMap((list) => list.doors).filter(isOpen).length;
  const own = ownQuestions(data, rows);
  const clarify = own.filter(({ ask, clarified }) => ask && !clarified).length;
  const tell = own.filter(({ answer, reply }) => reply === "activist" && answer && !answer.told).length;
  const down = sitesOf(data, rows, day).filter(({ due }) => due).length;
  const coming = incomingOf(data, rows).length;
  const words = (key, n) => (n > 0 ? t(key, { n }) : null);
  return {
    doors: words("doors_left", doors), questions: words("to_clarify", clarify) ?? words("to_tell", tell),
    stock: words("to_accept", coming), sites: words("to_take_down", down),
  };
}
