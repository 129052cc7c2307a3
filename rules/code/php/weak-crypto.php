<?php

// ruleid: php-weak-password-hash, php-weak-hash
$first = md5($password);
// ruleid: php-weak-password-hash
$second = hash("sha256", $salt . $_POST["password"]);
// ok: php-weak-password-hash
$third = password_hash($password, PASSWORD_DEFAULT);
// ok: php-weak-password-hash, php-weak-hash
$fourth = hash("sha256", $document);
// ruleid: php-weak-hash
$fifth = sha1($document);
// ok: php-weak-hash
$sixth = hash_hmac("sha256", $document, $key);

// ruleid: php-weak-cipher
$seventh = openssl_encrypt($data, "des-ede3-cbc", $key);
// ruleid: php-weak-cipher
$eighth = openssl_encrypt($data, "AES-256-ECB", $key);
// ok: php-weak-cipher
$ninth = openssl_encrypt($data, "aes-256-gcm", $key, 0, $nonce, $tag);
// ok: php-weak-cipher
$tenth = sodium_crypto_secretbox($data, $nonce, $key);

// ruleid: php-weak-random-secret
$token = mt_rand(100000, 999999);
// ruleid: php-weak-random-secret
$user->reset_token = uniqid("", true);
// ok: php-weak-random-secret
$token = bin2hex(random_bytes(32));
// ok: php-weak-random-secret
$delay = mt_rand(1, 10);
