<?php

use GuzzleHttp\Client;

$curl = curl_init("https://example.org");
// ruleid: php-tls-verify-off
curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, false);
// ruleid: php-tls-verify-off
$first = new Client(["timeout" => 5, "verify" => false]);
// ok: php-tls-verify-off
curl_setopt($curl, CURLOPT_SSL_VERIFYPEER, true);
// ok: php-tls-verify-off
$second = new Client(["verify" => "/etc/ssl/ca.pem"]);
