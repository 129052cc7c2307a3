const express = require("express");
const { User } = require("./models");

const app = express();
app.use(express.json());

app.post("/login", async (req, res) => {
  const { password } = req.body;
  // ruleid: javascript-nosql-injection
  const user = await User.findOne({ name: req.body.name, password });
  // ruleid: javascript-nosql-injection
  const all = await User.find(req.query);
  // ok: javascript-nosql-injection
  const safe = await User.findOne({ name: String(req.body.name) });
  // ok: javascript-nosql-injection
  const equal = await User.findOne({ name: { $eq: req.body.name } });
  // ok: javascript-nosql-injection
  const local = [1, 2].find((item) => item === req.body.number);
  res.json([user, all, safe, equal, local]);
});

async function older(age) {
  // ruleid: javascript-mongodb-where
  await User.find({ $where: `this.age > ${age}` });
  // ruleid: javascript-mongodb-where
  await User.find({ $where: "this.age > " + age });
  // ok: javascript-mongodb-where
  await User.find({ age: { $gt: age } });
  // ok: javascript-mongodb-where
  await User.find({ $where: "this.a == this.b" });
}
