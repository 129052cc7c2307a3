from flask import Flask

app = Flask(__name__)
other = Flask("other")

# ruleid: python-flask-debug
app.run(host="0.0.0.0", debug=True)
# ruleid: python-flask-debug
other.run(debug=True)
# ok: python-flask-debug
app.run(debug=False)
# ok: python-flask-debug
app.run(port=8080)
