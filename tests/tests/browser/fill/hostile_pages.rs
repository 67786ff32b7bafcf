//! Pages that try to get a value, or to break what reads them. Each tells what it heard.

use mysafe_tests::website::Page;

/// What comes of filling on a page.
#[derive(Clone, Copy, Debug)]
pub enum Outcome {
    /// The focused field has the value, nothing else has.
    Filled,
    /// The notice says one of these, and nothing has the value.
    Says(&'static [&'static str]),
}

const NO_FIELD: Outcome = Outcome::Says(&["Click into a text field of the page, then fill."]);
const HIDDEN: Outcome = Outcome::Says(&["The field cannot be seen, so it was not filled."]);
const FRAME: Outcome = Outcome::Says(&["The field is in a frame within the page."]);

const FIELD: &str = "<label>Secret <input id=f></label>";
const FOCUS: &str = "<script>f.focus()</script>";

/// Each page: its name, its content, what comes of filling there.
pub const PAGES: [(&str, &str, Outcome); 29] = [
    ("plain", "{field}{focus}", Outcome::Filled),
    (
        "overlay",
        "{field}{focus}<div style='position:fixed;inset:0;background:#fff'>Nothing here</div>",
        HIDDEN,
    ),
    (
        "transparent",
        "<div style='opacity:0'><div style='opacity:1'>{field}</div></div>{focus}",
        HIDDEN,
    ),
    (
        "overlay-that-lets-the-mouse-through",
        "{field}{focus}<div style='position:fixed;inset:0;background:#fff;pointer-events:none'>Nothing here</div>",
        HIDDEN,
    ),
    (
        "overlay-in-a-shadow-tree",
        "<div id=h></div>{field}{focus}<script>h.attachShadow({ mode: 'open' }).innerHTML =\
         '<div style=\"position:fixed;inset:0;z-index:9;background:rgb(255 255 255 / 90%);pointer-events:none\"></div>'</script>",
        HIDDEN,
    ),
    (
        "picture-over-it",
        "<div style='position:relative'>{field}<canvas width=900 height=90 style='position:absolute;inset:-20px;pointer-events:none'></canvas></div>{focus}",
        HIDDEN,
    ),
    ("filtered-away", "<div style='filter:blur(0px) opacity(0)'>{field}</div>{focus}", HIDDEN),
    ("filtered-in-percent", "<input id=f style='filter:opacity(3%)'>{focus}", HIDDEN),
    // As form libraries draw a field: a frame over it that lets the mouse through, and one sees it.
    (
        "frame-around-it",
        "<div style='position:relative'>{field}<fieldset style='position:absolute;inset:-5px 0 0;pointer-events:none;border:1px solid'></fieldset></div>{focus}",
        Outcome::Filled,
    ),
    (
        "picture-behind-it",
        "<canvas style='position:fixed;inset:0;z-index:-1;pointer-events:none'></canvas>\
         <div style='position:absolute;inset:0;background:#eee;pointer-events:none'></div>\
         <main style='position:relative;pointer-events:auto'>{field}</main>{focus}",
        Outcome::Filled,
    ),
    ("outside", "<div style='position:absolute;left:-9999px'>{field}</div>{focus}", HIDDEN),
    ("tiny", "<input id=f style='width:1px;height:1px;border:0;padding:0'>{focus}", HIDDEN),
    ("of-another-type", "<input id=f type=hidden>{focus}", NO_FIELD),
    ("read-only", "<input id=f readonly>{focus}", Outcome::Says(&["The field cannot be changed."])),
    (
        "too-short",
        "<input id=f maxlength=5>{focus}",
        Outcome::Says(&["The field takes fewer characters"]),
    ),
    ("editor", "<div id=f contenteditable>Type here</div>{focus}", NO_FIELD),
    ("button", "<input id=f type=submit>{focus}", NO_FIELD),
    (
        "frame-of-its-own",
        "<iframe id=g srcdoc='<input id=f>'></iframe><script>g.onload = () => g.contentDocument.getElementById('f').focus()</script>",
        FRAME,
    ),
    (
        "foreign-frame",
        "<iframe id=g></iframe><script>g.src = `http://other.localhost:${location.port}/hostile/inner`; g.focus()</script>",
        FRAME,
    ),
    (
        "sandboxed-frame",
        "<iframe id=g sandbox=allow-scripts srcdoc='<input id=f><script>f.focus();f.oninput=()=>parent.postMessage(f.value)</script>'></iframe><script>g.focus()</script>",
        FRAME,
    ),
    (
        "closed-shadow",
        "<div id=h></div><script>const root = h.attachShadow({ mode: 'closed' }); root.innerHTML = '<input>';\
         root.firstChild.oninput = () => heard.push(root.firstChild.value); root.firstChild.focus()</script>",
        NO_FIELD,
    ),
    (
        "open-shadows",
        "<div id=h></div><script>const outer = h.attachShadow({ mode: 'open' }); outer.innerHTML = '<div></div>';\
         const inner = outer.firstChild.attachShadow({ mode: 'open' }); inner.innerHTML = '<input>'; inner.firstChild.focus()</script>",
        Outcome::Filled,
    ),
    (
        "prototypes",
        "{field}{focus}<script>const value = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value');\
         Object.defineProperty(HTMLInputElement.prototype, 'value', { ...value, set(text) { heard.push(text) } });\
         Array.prototype.some = () => { throw heard.push('some') }; String.prototype.replace = () => { throw heard.push('replace') };\
         EventTarget.prototype.dispatchEvent = () => heard.push('dispatched'); window.InputEvent = () => heard.push('event');\
         Element.prototype.matches = () => { throw heard.push('matches') }</script>",
        Outcome::Filled,
    ),
    (
        "names",
        "<form name=activeElement><input name=shadowRoot></form><form name=querySelectorAll></form><img name=createTreeWalker>\
         <form><input name=matches><input name=childElementCount><input name=checkVisibility></form>{field}{focus}",
        Outcome::Filled,
    ),
    (
        "getters",
        "{field}{focus}<script>for (const name of ['activeElement', 'createTreeWalker', 'defaultView'])\
         Object.defineProperty(document, name, { get() { heard.push(name); throw new Error(name) } });\
         Object.defineProperty(f, 'type', { get() { heard.push('type'); throw new Error('type') } });\
         Object.defineProperty(f, 'value', { get() { return '' }, set(text) { heard.push(text) } })</script>",
        Outcome::Filled,
    ),
    (
        "stolen-focus",
        "{field}<input id=other aria-label=Other style='opacity:0'>{focus}\
         <script>setInterval(() => document.hasFocus() || other.focus(), 10)</script>",
        HIDDEN,
    ),
    (
        "takes-it-back",
        "{field}{focus}<script>f.oninput = () => { f.value = '' }</script>",
        Outcome::Says(&["The page changed what was filled. Check the field."]),
    ),
    (
        "huge",
        "{field}{focus}<div id=d></div><script>d.innerHTML = '<select><option>https://a.test/1<option>https://a.test/2</select>'.repeat(10000)\
         + '<p>text'.repeat(30000) + '<code>' + 'https://'.repeat(100000) + '</code>'</script>",
        Outcome::Filled,
    ),
    (
        "sandboxed",
        "{field}{focus}",
        // Chromium opens no document without an origin to anybody.
        Outcome::Says(&[
            "Another page came there meanwhile.",
            "The browser lets no extension into this page.",
        ]),
    ),
];

/// Addresses that look like the one of the second item, and are not.
const TRICKS: &str = "<ul>\
    <li><code>https://osprey-planted.example.net@evil.test/qx72</code>\
    <li><code>https://user:pw@osprey-planted.example.net/qx72</code>\
    <li><code>https://osprey-planted.example.net.evil.test/qx72</code>\
    <li><code>https://osprey-planted.example.net:8443/qx72</code>\
    <li><code>https://\u{43e}sprey-planted.example.net/qx72</code>\
    <li><code>http://osprey-planted.example.net/qx72</code>\
    <li><code>javascript:fetch('//osprey-planted.example.net')</code>\
    <li><code>data:text/html,osprey-planted.example.net</code>\
    <li><input type=hidden value=https://osprey-planted.example.net/qx72>\
    <li><input value=https://osprey-planted.example.net/qx72 hidden>\
    <li><code id=long></code></ul>\
    <script>long.textContent = 'https://osprey-planted.example.net/' + 'x'.repeat(2048)</script>";

/// Every message of the extension, by every way a page has, while a field waits to be filled.
const FORGED: &str = "{field}{focus}<script>\
    const kinds = ['sync', 'lock', 'clear-clipboard', 'clipboard-cleared', 'write-clipboard',\
      'fill', 'fill-id', 'copy-secret', 'copy-id', 'add', 'find'];\
    for (const kind of kinds) {\
      for (const message of [{ kind }, { kind, value: 'x', origin }, kind, { action: kind, page: location.href, top: true }, true]) {\
        postMessage(message);\
        try { (window.browser ?? window.chrome).runtime.sendMessage(location.search.slice(1), message, (answer) => heard.push(answer)) } catch {}\
        try { new BroadcastChannel('mysafe-changes').postMessage(message) } catch {}\
      }\
    }</script>";

/// Documents that are none of HTML, or none that is well made, and what comes of filling there. Each names
/// the second item's address in a broken way or not at all.
pub const DOCUMENTS: [(&str, &str, &str, Outcome); 6] = [
    (
        "xml",
        "text/xml",
        "<list xmlns:h='http://www.w3.org/1999/xhtml'><h:script>var heard = [], changes = 0</h:script>\
         <api>https://osprey-planted.example.net.evil.test</api></list>",
        NO_FIELD,
    ),
    (
        "xhtml",
        "application/xhtml+xml",
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title>A page</title></head><body><script>var heard = [], changes = 0</script>\
         <input id='f' aria-label='Secret'/><script>onload = () => document.getElementById('f').focus()</script></body></html>",
        Outcome::Filled,
    ),
    (
        "svg",
        "image/svg+xml",
        "<svg xmlns='http://www.w3.org/2000/svg'><script>var heard = [], changes = 0</script><text y='20'>A drawing</text></svg>",
        NO_FIELD,
    ),
    ("broken-xml", "text/xml", "<list><api>https://osprey-planted.example.net</list>", NO_FIELD),
    (
        "broken-markup",
        "text/html; charset=utf-8",
        "<!doctype html><title>A page<title></title><script>var heard = [], changes = 0</script><table><select><code>https://<b<i \
         <<>><input id=f aria-label=Secret><!-- never ends --!><form><form><p></table></select></svg></code><script>document.getElementById('f')?.focus()</script><math><mi",
        Outcome::Filled,
    ),
    (
        "no-characters",
        "text/html; charset=utf-8",
        "<!doctype html><title>\0</title><script>var heard = [], changes = 0</script><code id=c>https://osprey-\0planted.example.net/\0</code>\
         <code id=d></code><input id=f aria-label=Secret><script>d.textContent = 'https://osprey-planted.example.net\\uD800/\\uDC00 \\uDFFFhttps://\\uD83D';\
         f.value = 'https://\\0\\uD800'; f.focus()</script>",
        Outcome::Filled,
    ),
];

/// A page by its name.
pub fn page(name: &str) -> Page {
    let name = name.split('?').next().unwrap_or_default();
    if let Some((_, kind, body, _)) = DOCUMENTS.iter().find(|(known, ..)| *known == name) {
        return Page::of(kind, *body);
    }
    let content = match name {
        // A frame that is filled by its field, while the page takes the focus for its own.
        "own-frame" => {
            "{field}<iframe role=group aria-label=Frame width=300 height=80 src=/hostile/field-alone></iframe>\
             <script>onblur = () => setTimeout(() => f.focus(), 0)</script>"
        }
        "field-alone" => "<style>* { margin: 0; width: 100%; height: 100% }</style><input>",
        "inner" => "{field}<script>f.oninput = () => parent.postMessage(f.value, '*')</script>",
        "tricks" => TRICKS,
        "forged" => FORGED,
        _ => PAGES.iter().find(|(known, ..)| *known == name).map_or("", |(_, content, _)| content),
    };
    let content = content.replace("{field}", FIELD).replace("{focus}", FOCUS);
    // What a page can see: messages, and each change of its document.
    let body = format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>A page</title><body>\
         <script>var heard = [], changes = 0; onmessage = ({{ data, source }}) => source === window || heard.push(data)</script>\
         {content}<script>new MutationObserver((list) => {{ changes += list.length }})\
         .observe(document, {{ subtree: true, childList: true, attributes: true, characterData: true }})</script>"
    );
    let mut page = Page::html(body);
    if name == "sandboxed" {
        page.headers = "Content-Security-Policy: sandbox allow-scripts\r\n";
    }
    page
}
