// An SMTP server that keeps every mail as a file. Says its port first, then the name of each file. With a
// certificate it takes mails by TLS only: from the start, or after STARTTLS.

import { createWriteStream, readFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { SMTPServer } from "smtp-server";

const [folder, tls] = process.argv.slice(2);
let number = 0;

const identity = tls && {
  secure: tls === "smtps",
  key: readFileSync(`${folder}/server.key`),
  cert: readFileSync(`${folder}/server.pem`),
};
const server = new SMTPServer({
  ...identity,
  disabledCommands: tls ? ["AUTH"] : ["AUTH", "STARTTLS"],
  onMailFrom(address, session, done) {
    done(tls && !session.secure ? new Error("by TLS only") : undefined);
  },
  async onData(stream, session, done) {
    const path = `${folder}/${number++}.eml`;
    await pipeline(stream, createWriteStream(path));
    console.log(path);
    done();
  },
});
// Whoever does not trust the certificate hangs up.
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
