<?php

// ruleid: php-regex-from-request
preg_match($_GET["q"], $text);
// ruleid: php-regex-from-request
preg_replace("/" . $_POST["word"] . "/", "", $text);
// ok: php-regex-from-request
preg_match("/" . preg_quote($_GET["q"], "/") . "/", $text);
// ok: php-regex-from-request
preg_match('/^\d+$/', $_GET["q"]);
