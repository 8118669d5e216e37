// A QR code as an SVG, drawn here: no picture comes from anywhere.

const SPACE = "http://www.w3.org/2000/svg";

export async function qrPicture(text, label) {
  const { qrPath } = await import("../core/qr.js");
  const { size, d } = qrPath(text);
  const picture = document.createElementNS(SPACE, "svg");
  const path = document.createElementNS(SPACE, "path");
  for (const [key, value] of Object.entries({ viewBox: `0 0 ${size} ${size}`, class: "qr", role: "img", "aria-label": label })) {
    picture.setAttribute(key, value);
  }
  path.setAttribute("d", d);
  picture.append(path);
  return picture;
}
