require "bcrypt"
require "digest"
require "openssl"
require "securerandom"

def digests(data)
  # ruleid: ruby-weak-hash
  first = Digest::MD5.hexdigest(data)
  # ruleid: ruby-weak-hash
  second = OpenSSL::Digest::SHA1.new
  # ok: ruby-weak-hash
  third = Digest::SHA256.hexdigest(data)
  # ok: ruby-weak-hash
  fourth = OpenSSL::Digest::SHA512.new
end

def passwords(user, password)
  # ruleid: ruby-weak-password-hash
  first = Digest::SHA256.hexdigest(password)
  # ruleid: ruby-weak-password-hash
  second = Digest::SHA512.hexdigest(user.salt + user.password)
  # ok: ruby-weak-password-hash
  third = BCrypt::Password.create(password)
  # ok: ruby-weak-password-hash
  fourth = Digest::SHA256.hexdigest(user.name)
end

def ciphers
  # ruleid: ruby-weak-cipher
  first = OpenSSL::Cipher.new("des-ede3-cbc")
  # ruleid: ruby-weak-cipher
  second = OpenSSL::Cipher.new("AES-256-ECB")
  # ok: ruby-weak-cipher
  third = OpenSSL::Cipher.new("aes-256-gcm")
  # ok: ruby-weak-cipher
  fourth = OpenSSL::Cipher.new("chacha20-poly1305")
end

def tokens(user)
  # ruleid: ruby-weak-random-secret
  token = rand(10**12).to_s
  # ruleid: ruby-weak-random-secret
  user.reset_token = "#{rand(1000)}-#{user.id}"
  # ok: ruby-weak-random-secret
  user.api_key = SecureRandom.hex(32)
  # ok: ruby-weak-random-secret
  delay = rand(10)
end
