const fs = require("fs");
const path = require("path");
const express = require("express");

const app = express();
const base = "/srv/files";

app.get("/download", (req, res) => {
  // ruleid: javascript-path-traversal
  res.sendFile(path.join(base, req.query.name));
});

app.get("/read/:name", (req, res) => {
  const file = `${base}/${req.params.name}`;
  // ruleid: javascript-path-traversal
  fs.readFile(file, "utf8", (error, text) => res.json(text));
});

app.get("/root", (req, res) => {
  // ok: javascript-path-traversal
  res.sendFile(req.query.name, { root: base });
});

app.get("/bare", (req, res) => {
  const name = path.basename(req.query.name);
  // ok: javascript-path-traversal
  fs.createReadStream(path.join(base, name)).pipe(res);
});

app.get("/checked", (req, res) => {
  const file = path.resolve(base, req.query.name);
  if (!file.startsWith(base + path.sep)) return res.sendStatus(400);
  // ok: javascript-path-traversal
  fs.createReadStream(file).pipe(res);
});

function unpack(zip, target) {
  zip.on("entry", (entry) => {
    // ruleid: javascript-zip-slip
    entry.pipe(fs.createWriteStream(path.join(target, entry.path)));
  });
  for (const entry of zip.getEntries()) {
    // ruleid: javascript-zip-slip
    fs.writeFileSync(`${target}/${entry.entryName}`, entry.getData());
  }
  for (const entry of zip.getEntries()) {
    // ok: javascript-zip-slip
    fs.writeFileSync(path.join(target, path.basename(entry.entryName)), entry.getData());
    const file = path.join(target, entry.entryName);
    if (!file.startsWith(target + path.sep)) continue;
    // ok: javascript-zip-slip
    fs.writeFileSync(file, entry.getData());
  }
}
