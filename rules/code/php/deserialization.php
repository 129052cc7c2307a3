<?php

// ruleid: php-unsafe-deserialization
$first = unserialize($_COOKIE["cart"]);
// ruleid: php-unsafe-deserialization
$second = unserialize(base64_decode($_POST["cart"]));
// ok: php-unsafe-deserialization
$third = json_decode($_COOKIE["cart"]);
// ok: php-unsafe-deserialization
$fourth = unserialize($_COOKIE["cart"], ["allowed_classes" => false]);
