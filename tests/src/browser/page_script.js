// What a View asks of a page, by accessible role and name. Runs beside the page's own scripts (an
// isolated world in Chromium, a sandbox in Firefox); `library` is npm's dom-accessibility-api.
(library) => {
  const { computeAccessibleName, computeAccessibleDescription, getRole, isInaccessible } = library;
  const squeeze = (text) => (text ?? "").replace(/\s+/g, " ").trim();

  // The table of the library, with what it leaves out: fields of the types that have no role in ARIA.
  const roleOf = (element) => {
    const role = getRole(element);
    if (role) return role === "presentation" || role === "none" ? null : role;
    const plain = element.localName === "input" && !["hidden", "file", "color"].includes(element.type);
    return plain ? "textbox" : null;
  };

  // Behind a modal dialog a person reaches nothing.
  const modal = () => [...document.querySelectorAll(':modal, [aria-modal="true"]')].filter((d) => !isInaccessible(d)).at(-1);
  const reachable = (element) => {
    const dialog = modal();
    return (!dialog || dialog.contains(element)) && !element.closest("[inert]") && !isInaccessible(element);
  };
  const all = (within) => [...within.querySelectorAll("*")].filter((element) => roleOf(element));

  // "Copy" is the whole name; "Stripe*" and "*live*" match as in a shell.
  const matcher = (pattern) => {
    const source = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
    const whole = new RegExp(`^${source}$`, "su");
    return (name) => whole.test(name);
  };
  const find = ({ scope, role, name }) => {
    let roots = [document];
    for (const step of [...scope, { role, name }]) {
      const matches = matcher(step.name);
      const hits = new Set();
      for (const root of roots) {
        for (const element of all(root)) {
          if (roleOf(element) === step.role && matches(squeeze(computeAccessibleName(element))) && reachable(element)) hits.add(element);
        }
      }
      roots = [...hits];
    }
    return roots;
  };
  const one = (target) => {
    const found = find(target);
    return found.length === 1 ? { element: found[0] } : { problem: `${found.length} found` };
  };

  const disabled = (element) => element.matches(":disabled") || element.closest('[aria-disabled="true"]') !== null;
  const flag = (element, attribute) => ({ true: true, false: false })[element.getAttribute(attribute)] ?? null;
  const stateOf = (element) => ({
    checked: "checked" in element && ["checkbox", "radio"].includes(element.type) ? element.checked : flag(element, "aria-checked"),
    disabled: disabled(element),
    expanded: element.localName === "summary" ? element.parentElement.open : flag(element, "aria-expanded"),
    selected: element.localName === "option" ? element.selected : flag(element, "aria-selected"),
    pressed: flag(element, "aria-pressed"),
    invalid: flag(element, "aria-invalid") ?? false,
    required: element.required ?? flag(element, "aria-required") ?? false,
    focused: document.activeElement === element,
  });
  const valueOf = (element) => {
    if (element.localName === "select") return squeeze(element.selectedOptions[0]?.textContent);
    return "value" in element && element.localName !== "button" && element.localName !== "li" ? element.value : squeeze(element.innerText);
  };
  const byIds = (element, attribute) =>
    (element.getAttribute(attribute) ?? "").split(/\s+/).filter(Boolean).map((id) => document.getElementById(id)?.textContent);

  return {
    ready: () => document.readyState === "complete",
    has_focus: () => document.hasFocus(),
    address: () => location.href,
    dark: () => matchMedia("(prefers-color-scheme: dark)").matches,
    // Nothing moves or changes its colour any more; what goes on for seconds does not count.
    still: () => document.getAnimations().every((animation) => animation.playState !== "running" || animation.effect.getComputedTiming().endTime > 1000),
    visible: () => document.visibilityState === "visible",
    count: (target) => find(target).length,
    busy: (target) => {
      const { element, problem } = one(target);
      return { is: element && element.getAttribute("aria-busy") === "true", problem };
    },
    row_count: (target) => {
      const { element, problem } = one(target);
      return { is: element && Number(element.getAttribute("aria-rowcount")), problem };
    },
    text: ({ scope }) => {
      if (!scope.length) return document.body?.innerText ?? "";
      return find({ scope: scope.slice(0, -1), ...scope.at(-1) }).map((element) => element.innerText).join("\n");
    },
    // Where to click: once it is alone, enabled, still, and nothing lies over it.
    locate: (target) => {
      const { element, problem } = one(target);
      if (!element) return { problem };
      if (disabled(element)) return { problem: "is disabled" };
      element.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
      const box = element.getBoundingClientRect();
      if (box.width <= 1 || box.height <= 1) {
        // A visually hidden radio or checkbox is clicked on its label, as a person does.
        const label = element.labels?.[0]?.getBoundingClientRect();
        if (!label) return { problem: "has no size" };
        return { x: label.x + label.width / 2, y: label.y + label.height / 2 };
      }
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      const over = document.elementFromPoint(x, y);
      const labels = [...(element.labels ?? [])];
      const hit = over && (element.contains(over) || over.contains(element) && over.closest("label") || labels.some((label) => label.contains(over)));
      if (!hit) return { problem: `is covered by <${over?.outerHTML.slice(0, 120)}` };
      return { x, y };
    },
    focus: (target) => { const { element } = one(target); element?.focus(); return document.activeElement === element; },
    focused: (target) => one(target).element === document.activeElement,
    options: (target) => [...(one(target).element?.options ?? [])].map((option) => squeeze(option.textContent)),
    selected: (target) => one(target).element?.selectedIndex ?? -1,
    insert: ({ text }) => document.execCommand("insertText", false, text),
    value: (target) => { const { element, problem } = one(target); return element ? { is: valueOf(element) } : { problem }; },
    description: (target) => {
      const { element, problem } = one(target);
      if (!element) return { problem };
      const error = element.getAttribute("aria-invalid") === "true" ? byIds(element, "aria-errormessage") : [];
      return { is: squeeze([computeAccessibleDescription(element), ...error].join(" ")) };
    },
    state: (target) => { const { element, problem } = one(target); return element ? { is: stateOf(element) } : { problem }; },
    names: ({ scope, role }) => find({ scope, role, name: "*" }).map((element) => squeeze(computeAccessibleName(element))),
    dump: () => {
      const lines = all(document).filter(reachable).map((element) => {
        let depth = 0;
        for (let up = element.parentElement; up; up = up.parentElement) if (roleOf(up)) depth += 1;
        const state = Object.entries(stateOf(element)).filter(([, is]) => is).map(([name]) => name).join(" ");
        const value = "value" in element && ["input", "textarea", "select"].includes(element.localName) ? ` = ${JSON.stringify(valueOf(element))}` : "";
        return `${"  ".repeat(depth)}${roleOf(element)} ${JSON.stringify(squeeze(computeAccessibleName(element)))}${value}${state && ` [${state}]`}`;
      });
      return `${location.href}\n${lines.join("\n")}\ntext: ${squeeze(document.body?.innerText)}`;
    },
  };
}
