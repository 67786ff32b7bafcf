// An SMTP server that keeps every mail as a file. Says its port first, then the name of each file.

import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { SMTPServer } from "smtp-server";

const folder = process.argv[2];
let number = 0;

const server = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  async onData(stream, session, done) {
    const path = `${folder}/${number++}.eml`;
    await pipeline(stream, createWriteStream(path));
    console.log(path);
    done();
  },
});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
