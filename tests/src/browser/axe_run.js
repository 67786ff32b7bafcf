// Runs axe-core over the page; gives one line for each offending element.
async (axe) => {
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  const lines = violations.flatMap(({ id, impact, help, nodes }) =>
    nodes.map((node) => `${id} (${impact}): ${help}: ${node.html.slice(0, 200)} ${node.any[0]?.message ?? ""}`.trim()));
  return JSON.stringify(lines);
}
