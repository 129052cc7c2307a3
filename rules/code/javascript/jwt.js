const jwt = require("jsonwebtoken");

function tokens(token, claims, key) {
  // ruleid: javascript-jwt-none-algorithm
  const first = jwt.sign(claims, null, { algorithm: "none" });
  // ruleid: javascript-jwt-none-algorithm
  const second = jwt.verify(token, key, { algorithms: ["HS256", "none"] });
  // ok: javascript-jwt-none-algorithm
  const third = jwt.sign(claims, key, { algorithm: "HS256" });
  // ok: javascript-jwt-none-algorithm
  const fourth = jwt.verify(token, key, { algorithms: ["HS256"] });
  return [first, second, third, fourth];
}

function keys(token, claims) {
  // ruleid: javascript-jwt-hardcoded-key
  const first = jwt.sign(claims, "correct horse battery", { expiresIn: "1h" });
  // ruleid: javascript-jwt-hardcoded-key
  const second = jwt.verify(token, "correct horse battery");
  // ok: javascript-jwt-hardcoded-key
  const third = jwt.sign(claims, process.env.JWT_KEY);
  // ok: javascript-jwt-hardcoded-key
  const fourth = jwt.verify(token, process.env.JWT_KEY, { algorithms: ["HS256"] });
  return [first, second, third, fourth];
}

function reading(token, key) {
  // ruleid: javascript-jwt-decode-unverified
  const first = jwt.decode(token);
  // ruleid: javascript-jwt-decode-unverified
  const second = jwt.decode(token, { complete: true });
  // ok: javascript-jwt-decode-unverified
  const third = jwt.verify(token, key, { algorithms: ["HS256"] });
  // ok: javascript-jwt-decode-unverified
  const fourth = base64.decode(token);
  // ruleid: javascript-jwt-expiry-ignored
  const fifth = jwt.verify(token, key, { algorithms: ["HS256"], ignoreExpiration: true });
  // ruleid: javascript-jwt-expiry-ignored
  const sixth = jwt.verify(token, key, { ignoreExpiration: true }, () => {});
  // ok: javascript-jwt-expiry-ignored
  const seventh = jwt.verify(token, key, { algorithms: ["HS256"], clockTolerance: 5 });
  // ok: javascript-jwt-expiry-ignored
  const eighth = jwt.verify(token, key, { ignoreExpiration: false });
  return [first, second, third, fourth, fifth, sixth, seventh, eighth];
}
