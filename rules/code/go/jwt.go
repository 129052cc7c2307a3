package tokens

import "github.com/golang-jwt/jwt/v5"

func read(text string, claims *Claims) {
	// ruleid: go-jwt-unverified
	jwt.NewParser().ParseUnverified(text, claims)
	// ruleid: go-jwt-unverified
	jwt.NewWithClaims(jwt.SigningMethodNone, claims)
	// ok: go-jwt-unverified
	jwt.ParseWithClaims(text, claims, keys, jwt.WithValidMethods([]string{"RS256"}))
	// ok: go-jwt-unverified
	jwt.NewWithClaims(jwt.SigningMethodRS256, claims)
}
