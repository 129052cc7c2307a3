<?php

// ruleid: php-cors-reflected-origin
header("Access-Control-Allow-Origin: " . $_SERVER["HTTP_ORIGIN"]);
// ok: php-cors-reflected-origin
header("Access-Control-Allow-Origin: https://app.example.org");
// ok: php-cors-reflected-origin
header("Vary: Origin");

function answer($request, $response)
{
    // ruleid: php-cors-reflected-origin
    return $response->header("Access-Control-Allow-Origin", $request->header("Origin"));
}
