// Write COUNT random avatars of every licensed DiceBear style as SVG files: node dicebear.mjs MODULES OUT COUNT
import { createRequire } from "node:module";
import { mkdirSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, out, count] = process.argv.slice(2);
const require = createRequire(pathToFileURL(join(modules, "x.js")));
const load = async (name) => import(pathToFileURL(require.resolve(name)));
const { createAvatar } = await load("@dicebear/core");
const collection = await load("@dicebear/collection");

const STYLES = ["adventurer", "micah", "bigSmile", "personas", "miniavs", "toonHead", "openPeeps"];
// Colours that stay visible beside black lines: dark ones would turn into ink.
const PALETTE = [
  "e5d7a3", "cb6820", "d56c0c", "e9b729", "ab2a18", "3eac2c", "85c2c6", "dba3be", "605de4", "238d80", "f4d150",
  "9287ff", "fc909f", "6bd9e9", "456dff", "e24553", "f55d81", "a55728", "b58143", "d6b370", "afafaf", "78e185",
];

for (const key of STYLES) {
  const style = collection[key];
  const name = key.replace(/[A-Z]/g, (letter) => "-" + letter.toLowerCase());
  const colours = Object.keys(style.schema.properties).filter((property) =>
    /^(hair|shirt|cloth|body|glasses|headContrast|earring|clothes|clothing)/.test(property) && /Color$/.test(property));
  const options = Object.fromEntries(colours.map((property) => [property, PALETTE]));
  mkdirSync(join(out, name), { recursive: true });
  for (let i = 0; i < Number(count); i++) {
    const file = join(out, name, `${i}.svg`);
    if (!existsSync(file)) writeFileSync(file, createAvatar(style, { seed: `${name} ${i}`, ...options }).toString());
  }
}
