require "jwt"

def read(token, claims, key)
  # ruleid: ruby-jwt-unverified
  first = JWT.decode(token, nil, false)
  # ruleid: ruby-jwt-unverified
  second = JWT.encode(claims, nil, "none")
  # ok: ruby-jwt-unverified
  third = JWT.decode(token, key, true, algorithm: "RS256")
  # ok: ruby-jwt-unverified
  fourth = JWT.encode(claims, key, "HS256")
  # ruleid: ruby-hardcoded-secret
  fifth = JWT.encode(claims, "sunny-Tuesday-81", "HS256")
  # ruleid: ruby-hardcoded-secret
  sixth = PG.connect(host: "db", user: "shop", password: "sunny-Tuesday-81")
  # ok: ruby-hardcoded-secret
  seventh = JWT.encode(claims, ENV.fetch("JWT_KEY"), "HS256")
  # ok: ruby-hardcoded-secret
  eighth = PG.connect(host: "db", user: "shop", password: ENV["DB_PASSWORD"])
end
