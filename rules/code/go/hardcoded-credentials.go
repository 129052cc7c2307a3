package connections

import (
	"net/smtp"
	"os"

	"github.com/redis/go-redis/v9"
)

func connect() {
	// ruleid: go-hardcoded-password
	redis.NewClient(&redis.Options{Addr: "cache:6379", Password: "sunny-Tuesday-81"})
	// ruleid: go-hardcoded-password
	smtp.PlainAuth("", "shop", "sunny-Tuesday-81", "mail.example.org")
	// ok: go-hardcoded-password
	redis.NewClient(&redis.Options{Addr: "cache:6379", Password: os.Getenv("REDIS_PASSWORD")})
	// ok: go-hardcoded-password
	redis.NewClient(&redis.Options{Addr: "cache:6379", Password: ""})
}
