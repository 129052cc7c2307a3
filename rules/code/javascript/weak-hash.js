const bcrypt = require("bcrypt");
const crypto = require("crypto");

function digests(data) {
  // ruleid: javascript-weak-hash
  const first = crypto.createHash("md5").update(data).digest("hex");
  // ruleid: javascript-weak-hash
  const second = crypto.createHash("SHA1").update(data).digest("hex");
  // ok: javascript-weak-hash
  const third = crypto.createHash("sha256").update(data).digest("hex");
  // ok: javascript-weak-hash
  const fourth = crypto.createHmac("sha512", data).digest("hex");
  return [first, second, third, fourth];
}

async function store(user, password) {
  // ruleid: javascript-weak-password-hash
  user.hash = crypto.createHash("sha256").update(password).digest("hex");
  // ruleid: javascript-weak-password-hash
  user.old = crypto.createHash("sha512").update("salt" + user.password).digest("hex");
  // ok: javascript-weak-password-hash
  user.better = await bcrypt.hash(password, 12);
  // ok: javascript-weak-password-hash
  user.etag = crypto.createHash("sha256").update(user.name).digest("hex");
}
