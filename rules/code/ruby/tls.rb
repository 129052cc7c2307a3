require "net/http"
require "openssl"

def connect(http)
  # ruleid: ruby-tls-verify-off
  http.verify_mode = OpenSSL::SSL::VERIFY_NONE
  # ruleid: ruby-tls-verify-off
  first = Faraday.new(url: "https://example.org", ssl: { verify: false })
  # ok: ruby-tls-verify-off
  http.verify_mode = OpenSSL::SSL::VERIFY_PEER
  # ok: ruby-tls-verify-off
  second = Faraday.new(url: "https://example.org", ssl: { ca_file: "ca.pem" })
end
