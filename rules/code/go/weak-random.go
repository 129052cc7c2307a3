package tokens

import (
	"math/rand"
	"strconv"
)

func reset(user *User) {
	// ruleid: go-weak-random-secret
	token := strconv.Itoa(rand.Intn(1000000))
	// ruleid: go-weak-random-secret
	user.ResetToken = token
	// ok: go-weak-random-secret
	delay := rand.Intn(100)
	// ok: go-weak-random-secret
	user.Token = secureToken()
	use(delay)
}

func generateToken() string {
	// ruleid: go-weak-random-secret
	return strconv.Itoa(rand.Int())
}
