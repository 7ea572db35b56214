// Readies the built page: tells browsers to compile its scripts while they load, and leaves compressed twins beside
// its files, which the panel sends to browsers that take them.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";

// Chrome and Edge, from 136 on, then compile in another thread what they would compile, function by function, while a
// phone waits for the page (https://v8.dev/blog/explicit-compile-hints). To others it is a comment.
const HINT = "//# allFunctionsCalledOnLoad\n";

for (const file of readdirSync("out", { recursive: true })) {
  if (!/\.(html|js|css|svg|txt)$/.test(file)) continue;
  const content = file.endsWith(".js") ? HINT + readFileSync(`out/${file}`, "utf8") : readFileSync(`out/${file}`);
  writeFileSync(`out/${file}`, content);
  writeFileSync(`out/${file}.br`, brotliCompressSync(content));
  writeFileSync(`out/${file}.gz`, gzipSync(content, { level: 9 }));
}
