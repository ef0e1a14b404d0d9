// PouchDB 9 with express-pouchdb, as its documentation mounts it. Run in the folder of its node_modules.
// node pouchdb_peer.js server FOLDER | node pouchdb_peer.js client FOLDER CORPUS URL
"use strict";
const fs = require("fs");
const path = require("path");
const readline = require("readline");
const { createRequire } = require("module");
const load = createRequire(path.join(process.cwd(), "package.json"));
const PouchDB = load("pouchdb");

const [role, folder, corpus, url] = process.argv.slice(2);
const Stored = PouchDB.defaults({ prefix: folder + path.sep });

function serve() {
  const express = load("express");
  const app = express();
  app.use("/db", load("express-pouchdb")(Stored, {
    configPath: path.join(folder, "config.json"), logPath: path.join(folder, "log.txt"), mode: "minimumForPouchDB",
  }));
  const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
  process.stdin.resume().on("end", () => process.exit(0));
}

async function bring() {
  const local = new Stored("applications");
  const docs = JSON.parse(fs.readFileSync(corpus, "utf8")).map((each, n) => ({ _id: String(n).padStart(6, "0"), ...each }));
  await local.bulkDocs(docs);
  let requests = 0;
  const remote = new PouchDB(url + "/db/applications", {
    fetch: (what, options) => { requests += 1; return PouchDB.fetch(what, options); },
  });
  console.log("ready");
  for await (const _ of readline.createInterface({ input: process.stdin })) {
    const began = Date.now();
    requests = 0;
    for (;;) {
      try { await local.replicate.to(remote); break; }
      catch (error) {
        console.error(String(error));
        if (Date.now() - began > 240000) { requests = null; break; }
      }
    }
    console.log(JSON.stringify({ seconds: (Date.now() - began) / 1000, requests }));
  }
  process.exit(0);
}

role === "server" ? serve() : bring();
