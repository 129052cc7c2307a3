<?php

$name = $_GET["name"];
// ruleid: php-xpath-injection
$xpath->query("//user[@name='" . $name . "']");
// ruleid: php-xpath-injection
$xml->xpath("//user[@name='$name']");
// ok: php-xpath-injection
$xpath->query("//user[@name=" . DOMXPath::quote($name) . "]");
// ok: php-xpath-injection
$xml->xpath("//user");
