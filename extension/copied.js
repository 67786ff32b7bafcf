// Whether a text is the one that was copied: its mark is a salt and the SHA-256 of both, in hex.
// `extension/browser/src/clipboard.rs` makes it.

export async function isOurs(text, mark) {
  const [given] = text.replace(/\r\n?/g, "\n").split("\0");
  const salt = Uint8Array.from(mark.slice(0, 32).match(/../g), (byte) => parseInt(byte, 16));
  const both = new Uint8Array([...salt, ...new TextEncoder().encode(given)]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", both));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("") === mark.slice(32);
}
