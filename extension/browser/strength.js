// The module that rates master passwords, fetched when one is typed for the first time.
let there = null;

const module = async () => {
  const made = await import("/popup/strength/mysafe_strength.js");
  await made.default({ module_or_path: "/popup/strength/mysafe_strength_bg.wasm" });
  return made;
};

export const rate = async (password, known) => {
  there ??= module();
  there.catch(() => { there = null; });
  return (await there).rate(password, known);
};
