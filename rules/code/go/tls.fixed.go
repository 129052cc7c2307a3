package connections

import (
	"crypto/tls"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"
)

func configs() {
	// ruleid: go-tls-verify-off
	first := &tls.Config{ServerName: "db", InsecureSkipVerify: false}
	// ruleid: go-tls-verify-off
	first.InsecureSkipVerify = false
	// ok: go-tls-verify-off
	second := &tls.Config{ServerName: "db", RootCAs: pool}
	// ok: go-tls-verify-off
	third := &tls.Config{InsecureSkipVerify: true, VerifyConnection: check}
	// ruleid: go-tls-old-version
	fourth := &tls.Config{MinVersion: tls.VersionTLS12}
	// ruleid: go-tls-old-version
	fourth.MinVersion = tls.VersionTLS12
	// ok: go-tls-old-version
	fifth := &tls.Config{MinVersion: tls.VersionTLS12}
	// ok: go-tls-old-version
	fifth.MinVersion = tls.VersionTLS13
	use(first, second, third, fourth, fifth)
}

func shells() {
	// ruleid: go-ssh-unknown-host-accepted
	first := ssh.ClientConfig{User: "git", HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	// ruleid: go-ssh-unknown-host-accepted
	first.HostKeyCallback = ssh.InsecureIgnoreHostKey()
	// ok: go-ssh-unknown-host-accepted
	second := ssh.ClientConfig{User: "git", HostKeyCallback: ssh.FixedHostKey(key)}
	// ok: go-ssh-unknown-host-accepted
	third, _ := knownhosts.New("/etc/ssh/known_hosts")
	use(first, second, third)
}
