const crypto = require("crypto");

function ciphers(key, iv) {
  // ruleid: javascript-weak-cipher
  const first = crypto.createCipheriv("des-ede3-cbc", key, iv);
  // ruleid: javascript-weak-cipher
  const second = crypto.createCipheriv("aes-256-ecb", key, null);
  // ok: javascript-weak-cipher
  const third = crypto.createCipheriv("aes-256-gcm", key, iv);
  // ok: javascript-weak-cipher
  const fourth = crypto.createCipheriv("chacha20-poly1305", key, iv);
  return [first, second, third, fourth];
}

function vectors(key) {
  // ruleid: javascript-cipher-constant-iv
  const first = crypto.createCipheriv("aes-256-cbc", key, "0123456789abcdef");
  // ruleid: javascript-cipher-constant-iv
  const second = crypto.createCipheriv("aes-256-cbc", key, Buffer.alloc(16, 0));
  // ok: javascript-cipher-constant-iv
  const third = crypto.createCipheriv("aes-256-gcm", key, crypto.randomBytes(12));
  const iv = crypto.randomBytes(16);
  // ok: javascript-cipher-constant-iv
  const fourth = crypto.createCipheriv("aes-256-cbc", key, iv);
  return [first, second, third, fourth];
}

function keys() {
  // ruleid: javascript-short-rsa-key
  const first = crypto.generateKeyPairSync("rsa", { modulusLength: 1024 });
  // ruleid: javascript-short-rsa-key
  crypto.generateKeyPair("rsa", { modulusLength: 512 }, () => {});
  // ok: javascript-short-rsa-key
  const third = crypto.generateKeyPairSync("rsa", { modulusLength: 3072 });
  // ok: javascript-short-rsa-key
  const fourth = crypto.generateKeyPairSync("ed25519");
  return [first, third, fourth];
}
