import crypto from "node:crypto";

function reset(user: User, res: Response) {
  // ruleid: javascript-weak-random-secret
  const token = Math.random().toString(36).slice(2);
  // ok: javascript-weak-random-secret
  user.resetToken = crypto.randomBytes(32).toString("hex");
  // ok: javascript-weak-random-secret
  const delay = Math.random() * 1000;
  // ruleid: javascript-weak-random-secret
  res.cookie("visitor", String(Math.random()));
}

function generatePassword(length: number): string {
  // ruleid: javascript-weak-random-secret
  const digits = Array.from({ length }, () => Math.floor(Math.random() * 10));
  let text = "";
  text += Math.floor(Math.random() * 10);
  // ruleid: javascript-weak-random-secret
  return text;
}
