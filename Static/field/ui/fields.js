// What stands in the fields of a screen, carried over a painting of it in another language.

const FIELDS = "main input:not([type=file]), main textarea, main select";

/** Generated names change with every painting; the value tells the radio buttons of one choice apart. */
function keyOf({ nodeName, type, name, value, dataset }) {
  const own = /^f\d+$/.test(name) ? "" : name;
  return [nodeName, type, own, dataset.metric, type === "radio" && value].join(" ");
}

/** -> [[key, field]], a key once more for each field that looks the same */
function fields() {
  const seen = new Map();
  return [...document.querySelectorAll(FIELDS)].map((field) => {
    const key = keyOf(field);
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return [`${key} ${seen.get(key)}`, field];
  });
}

const steppers = () => [...document.querySelectorAll("main .stepper")];
const shown = (stepper) => Number(stepper.querySelector("output").textContent);

export function gather() {
  const facts = fields().map(([key, { type, value, checked }]) => ({ key, value, ticks: type === "radio" || type === "checkbox", checked }));
  return { facts, steps: steppers().map(shown) };
}

/** In the order of the page, each told to its screen as if it were typed: one choice may bring the next field. */
export function restore({ facts, steps }) {
  for (const { key, value, ticks, checked } of facts) {
    const [, field] = fields().find(([one]) => one === key) ?? [];
    const isSame = ticks ? field?.checked === checked || (field?.type === "radio" && !checked) : field?.value === value;
    if (!field || isSame) continue;
    if (ticks) field.checked = checked;
    else field.value = value;
    if (!ticks) field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  steppers().forEach((stepper, at) => {
    for (let n = shown(stepper); n < steps[at]; n += 1) stepper.querySelector("button:last-child").click();
  });
}
