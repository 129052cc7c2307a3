<?php

use Illuminate\Support\Facades\Http;

$url = $_GET["url"];
// ruleid: php-ssrf
$curl = curl_init($url);
// ruleid: php-ssrf
Http::get("https://" . $_GET["host"] . "/status");
// ok: php-ssrf
Http::get("https://api.example.org/items/" . $url);
// ok: php-ssrf
Http::post("https://api.example.org/items", ["url" => $url]);
