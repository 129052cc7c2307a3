use openssl::ssl::SslVerifyMode;
use reqwest::Client;

fn clients(connector: &mut Connector) {
    // ruleid: rust-tls-verify-off
    let first = Client::builder().danger_accept_invalid_certs(true).build();
    // ruleid: rust-tls-verify-off
    let second = Client::builder().danger_accept_invalid_hostnames(true).build();
    // ok: rust-tls-verify-off
    let third = Client::builder().add_root_certificate(authority).build();
    // ok: rust-tls-verify-off
    let fourth = Client::builder().danger_accept_invalid_certs(false).build();
    // ruleid: rust-openssl-verify-none
    connector.set_verify(SslVerifyMode::NONE);
    // ruleid: rust-openssl-verify-none
    connector.set_verify(openssl::ssl::SslVerifyMode::NONE);
    // ok: rust-openssl-verify-none
    connector.set_verify(SslVerifyMode::PEER);
    // ok: rust-openssl-verify-none
    connector.set_verify(SslVerifyMode::PEER | SslVerifyMode::FAIL_IF_NO_PEER_CERT);
}
