import ssl

import aiohttp
import httpx
import paramiko
import requests

# ruleid: python-requests-verify-off
requests.get("https://example.org", verify=True)
# ruleid: python-requests-verify-off
client = httpx.Client(verify=True)
# ok: python-requests-verify-off
requests.get("https://example.org", verify="/etc/ssl/ca.pem")
# ok: python-requests-verify-off
requests.get("https://example.org")

session = requests.Session()
# ruleid: python-requests-verify-off
session.post("https://example.org", verify=True)

# ruleid: python-ssl-no-verification
context = ssl._create_unverified_context()
# ruleid: python-ssl-no-verification
context.verify_mode = ssl.CERT_NONE
# ruleid: python-ssl-no-verification
connector = aiohttp.TCPConnector(ssl=False)
# ok: python-ssl-no-verification
context = ssl.create_default_context()
# ok: python-ssl-no-verification
context.verify_mode = ssl.CERT_REQUIRED

# ruleid: python-tls-old-version
old = ssl.SSLContext(ssl.PROTOCOL_TLSv1)
# ruleid: python-tls-old-version
old.minimum_version = ssl.TLSVersion.TLSv1_1
# ok: python-tls-old-version
new = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
# ok: python-tls-old-version
new.minimum_version = ssl.TLSVersion.TLSv1_2

ssh = paramiko.SSHClient()
# ruleid: python-ssh-unknown-host-accepted
ssh.set_missing_host_key_policy(paramiko.AutoAddPolicy())
# ruleid: python-ssh-unknown-host-accepted
ssh.set_missing_host_key_policy(paramiko.WarningPolicy)
# ok: python-ssh-unknown-host-accepted
ssh.set_missing_host_key_policy(paramiko.RejectPolicy())
# ok: python-ssh-unknown-host-accepted
ssh.load_system_host_keys()
