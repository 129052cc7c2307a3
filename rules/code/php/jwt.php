<?php

use Firebase\JWT\JWT;

// ruleid: php-hardcoded-secret
$first = JWT::encode($claims, "sunny-Tuesday-81", "HS256");
// ruleid: php-hardcoded-secret
$second = new mysqli("db", "shop", "sunny-Tuesday-81", "shop");
// ok: php-hardcoded-secret
$third = JWT::encode($claims, getenv("JWT_KEY"), "HS256");
// ok: php-hardcoded-secret
$fourth = new mysqli("db", "shop", getenv("DB_PASSWORD"), "shop");
