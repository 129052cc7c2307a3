package hashes

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"

	"golang.org/x/crypto/bcrypt"
)

func digests(data []byte) {
	// ruleid: go-weak-hash
	md5.Sum(data)
	// ruleid: go-weak-hash
	sha1.New()
	// ok: go-weak-hash
	sha256.Sum256(data)
	// ok: go-weak-hash
	sha256.New()
}

func passwords(password, name string, user User) {
	// ruleid: go-weak-password-hash
	sha256.Sum256([]byte(password))
	// ruleid: go-weak-password-hash
	sha256.Sum256([]byte(user.Salt + user.Password))
	// ok: go-weak-password-hash
	bcrypt.GenerateFromPassword([]byte(password), 12)
	// ok: go-weak-password-hash
	sha256.Sum256([]byte(name))
}
