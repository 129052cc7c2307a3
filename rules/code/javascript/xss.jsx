import DOMPurify from "dompurify";
import express from "express";
import escapeHtml from "escape-html";

const app = express();

app.get("/hello", (req, res) => {
  // ruleid: javascript-express-xss
  res.send("<p>Hello " + req.query.name + "</p>");
});

app.get("/hello/:name", (req, res) => {
  // ruleid: javascript-express-xss
  res.status(404).send(`<p>No ${req.params.name}</p>`);
});

app.get("/safe", (req, res) => {
  // ok: javascript-express-xss
  res.send("<p>Hello " + escapeHtml(req.query.name) + "</p>");
});

const users = { 1: "Ada" };

app.get("/user/:number", (req, res) => {
  // ok: javascript-express-xss
  res.send(users[req.params.number]);
});

app.get("/json", (req, res) => {
  // ok: javascript-express-xss
  res.send({ name: req.query.name });
});

app.get("/text", (req, res) => {
  res.type("text/plain");
  // ok: javascript-express-xss
  res.send("Hello " + req.query.name);
});

function show(element) {
  const hash = decodeURIComponent(location.hash.slice(1));
  // ruleid: javascript-dom-xss
  element.innerHTML = "<b>" + hash + "</b>";
  // ruleid: javascript-dom-xss
  document.write(new URLSearchParams(location.search).get("q"));
  // ok: javascript-dom-xss
  element.textContent = hash;
  // ok: javascript-dom-xss
  element.innerHTML = DOMPurify.sanitize(hash);
}

function Message({ router, html }) {
  const text = router.query.text;
  const next = new URLSearchParams(window.location.search).get("next");
  return (
    <div>
      {/* ruleid: javascript-react-html-from-url, javascript-react-dangerous-html */}
      <p dangerouslySetInnerHTML={{ __html: text }} />
      {/* ruleid: javascript-react-html-from-url, javascript-react-dangerous-html */}
      <p dangerouslySetInnerHTML={{ __html: "<b>" + text + "</b>" }} />
      {/* ok: javascript-react-html-from-url, javascript-react-dangerous-html */}
      <p dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(text) }} />
      {/* ok: javascript-react-html-from-url */}
      {/* ruleid: javascript-react-dangerous-html */}
      <p dangerouslySetInnerHTML={{ __html: html }} />
      {/* ok: javascript-react-html-from-url, javascript-react-dangerous-html */}
      <p dangerouslySetInnerHTML={{ __html: "<hr>" }} />
      {/* ruleid: javascript-react-link-from-url */}
      <a href={next}>Continue</a>
      {/* ruleid: javascript-react-link-from-url */}
      <iframe src={text} />
      {/* ok: javascript-react-link-from-url */}
      <a href={`/search?q=${text}`}>Search</a>
      {/* ok: javascript-react-link-from-url */}
      <a href="/home">Home</a>
    </div>
  );
}

function tell(frame, data) {
  // ruleid: javascript-post-message-any-origin
  window.parent.postMessage(data, "*");
  // ruleid: javascript-post-message-any-origin
  frame.contentWindow.postMessage(data, "*");
  // ok: javascript-post-message-any-origin
  window.parent.postMessage(data, "https://app.example.org");
  // ok: javascript-post-message-any-origin
  worker.postMessage(data, "*");
}
