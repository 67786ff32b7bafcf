// Runs in Firefox's own window: evaluates `expression` in a page, which is a <browser> element known
// by its browserId, be it a tab, the toolbar popup or the sidebar, or in the background page of an extension.
// `given` is [browserId or extension's id, expression].
const [id, expression] = given;
const background = () =>
  [...WebExtensionPolicy.getByID(id).extension.views].find((view) => view.viewType === "background")?.xulBrowser;
const find = () =>
  typeof id === "string"
    ? background()
    : [document, document.getElementById("sidebar")?.contentDocument]
        .flatMap((part) => [...(part?.querySelectorAll("browser") ?? [])])
        .find((browser) => browser.browserId === id);
const browser = find();
if (!browser) throw new Error("closed");
const manager = browser.messageManager;

// Beside the page, in its process: a sandbox for each document that sees the document's globals.
const frame = () => {
  const answer = (name, is) => sendAsyncMessage(name, is);
  const listener = ({ data: { name, expression } }) => {
    removeMessageListener("mysafe-tests", listener);
    try {
      this.sandboxes ??= new WeakMap();
      let sandbox = this.sandboxes.get(content.document);
      if (!sandbox) {
        sandbox = new Cu.Sandbox(content, { sandboxPrototype: content, wantXrays: false, wantComponents: false });
        this.sandboxes.set(content.document, sandbox);
      }
      Promise.resolve(Cu.evalInSandbox(expression, sandbox)).then(
        (is) => answer(name, { is }), (error) => answer(name, { error: String(error) }));
    } catch (error) {
      answer(name, { error: `${error} ${error.stack}` });
    }
  };
  addMessageListener("mysafe-tests", listener);
};

return await new Promise((resolve, reject) => {
  const name = `mysafe-tests-${Math.random()}`;
  const end = (settle, value) => {
    clearInterval(watch);
    manager.removeMessageListener(name, listener);
    settle(value);
  };
  const listener = ({ data }) => (data.error ? end(reject, new Error(data.error)) : end(resolve, data.is));
  // A page that goes away never answers.
  const watch = setInterval(() => {
    if (find() !== browser || browser.messageManager !== manager) end(reject, new Error("closed"));
  }, 50);
  manager.addMessageListener(name, listener);
  manager.loadFrameScript(`data:,${encodeURIComponent(`(${frame}).call(this)`)}`, false, true);
  manager.sendAsyncMessage("mysafe-tests", { name, expression });
});
