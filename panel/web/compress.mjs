// Leaves compressed twins beside the files of the page, which the panel sends to browsers that take them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

for (const file of readdirSync("out", { recursive: true })) {
  if (!/\.(html|js|css|svg|txt)$/.test(file)) continue;
  const content = readFileSync(`out/${file}`);
  writeFileSync(`out/${file}.br`, brotliCompressSync(content));
  writeFileSync(`out/${file}.gz`, gzipSync(content, { level: 9 }));
}
