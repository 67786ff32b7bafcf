// Run by Node beside the glue of the tests crate; prints the figures as JSON.
const bench = require("./bench.js");

const median = (all) => all.sort((a, b) => a - b)[all.length >> 1];
const timed = (act) => {
  const start = performance.now();
  act();
  return performance.now() - start;
};
const timedAsync = async (act) => {
  const start = performance.now();
  await act();
  return performance.now() - start;
};
// As the extension does: what is large is decrypted by the host.
const read = async (reading) => {
  const opened = await Promise.all(Array.from({ length: reading.messages() }, async (_, at) => {
    const key = await crypto.subtle.importKey("raw", reading.key(at), "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: reading.nonce(at), additionalData: reading.associated_data(at) };
    return crypto.subtle.decrypt(how, key, reading.ciphertext(at));
  }));
  for (const plaintext of opened) reading.take(new Uint8Array(plaintext));
  return reading.read();
};
// Several at once where one is shorter than the clock can tell.
const each = (times, act) => timed(() => { for (let i = 0; i < times; i++) act(i); }) / times;
const runs = (count, act) => median(Array.from({ length: count }, act));
const figures = {};

const measure = async () => {
  bench.prepare(10_000, 10_000);
  // The two sides of the ratio in turns.
  const hash = [], unlock = [];
  for (let i = 0; i < 9; i++) {
    hash.push(timed(bench.argon2id));
    unlock.push(await timedAsync(() => read(bench.Reading.unlock())));
  }
  figures.unlock = median(unlock.map((time, i) => time / hash[i]));
  figures.argon2id = median(hash);
  const opened = [];
  for (let i = 0; i < 9; i++) opened.push(await timedAsync(() => read(bench.Reading.open())));
  figures.open = median(opened);
  figures["open here"] = runs(9, () => timed(bench.open_here));
  figures.overviews = runs(3, () => timed(bench.overviews));
  figures.signatures = runs(3, () => timed(() => bench.signatures(100)));
  figures.cache = bench.cache_size() / 1000;
  // Each letter of what people type, from the first one on.
  const queries = ["google", "payments", "weather api", "stripe live", "amazon s3"];
  const typed = queries.flatMap((query) => [...query].map((_, i) => query.slice(0, i + 1)));
  const letters = typed.map((query) => runs(5, () => timed(() => bench.found(query))));
  // The slowest letter: nobody feels the median one.
  figures.search = Math.max(...letters);

  for (const count of [1_000, 10_000, 100_000]) {
    bench.prepare(count, 1_000);
    figures[`match ${count}`] = runs(9, () => each(1_000, (i) => bench.matched(i * 37))) * 1000;
    figures[`match all ${count}`] = runs(5, () => each(200, (i) => bench.matched_all(i * 37))) * 1000;
    figures[`near ${count}`] = runs(9, (_, i) => timed(() => bench.matched_near(i * 37)));
    figures[`index ${count}`] = runs(3, () => timed(bench.indexed));
    figures[`compare ${count}`] = runs(3, () => timed(() => bench.compared(7))) * 1000;
  }
  console.log(JSON.stringify(figures));
};
measure();
