package crypt

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rc4"
	"crypto/rsa"
	"crypto/sha256"
	"os"
)

func ciphers(key []byte) {
	// ruleid: go-weak-cipher
	des.NewCipher(key)
	// ruleid: go-weak-cipher
	rc4.NewCipher(key)
	// ok: go-weak-cipher
	block, _ := aes.NewCipher(key)
	// ok: go-weak-cipher
	cipher.NewGCM(block)
	// ruleid: go-short-rsa-key
	rsa.GenerateKey(rand.Reader, 1024)
	// ruleid: go-short-rsa-key
	rsa.GenerateKey(rand.Reader, 512)
	// ok: go-short-rsa-key
	rsa.GenerateKey(rand.Reader, 2048)
	// ok: go-short-rsa-key
	rsa.GenerateKey(rand.Reader, 3072)
	// ruleid: go-hardcoded-key
	aes.NewCipher([]byte("sunny-Tuesday-81"))
	// ruleid: go-hardcoded-key
	hmac.New(sha256.New, []byte("sunny-Tuesday-81"))
	// ok: go-hardcoded-key
	aes.NewCipher([]byte(os.Getenv("KEY")))
	// ok: go-hardcoded-key
	hmac.New(sha256.New, key)
}
