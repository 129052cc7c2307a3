import ldap
import ldap.filter
import ldap3
from flask import Flask, request
from ldap3.utils.conv import escape_filter_chars

app = Flask(__name__)


@app.route("/people")
def people():
    name = request.args["name"]
    conn = ldap.initialize("ldaps://directory.example.org")
    # ruleid: python-ldap-injection
    conn.search_s("ou=people,dc=example,dc=org", ldap.SCOPE_SUBTREE, f"(uid={name})")
    escaped = ldap.filter.escape_filter_chars(name)
    # ok: python-ldap-injection
    conn.search_s("ou=people,dc=example,dc=org", ldap.SCOPE_SUBTREE, f"(uid={escaped})")
    other = ldap3.Connection("ldaps://directory.example.org")
    condition = "(cn=" + name + ")"
    # ruleid: python-ldap-injection
    other.search("ou=people,dc=example,dc=org", condition)
    # ok: python-ldap-injection
    other.search("ou=people,dc=example,dc=org", "(cn=" + escape_filter_chars(name) + ")")
    return "done"
