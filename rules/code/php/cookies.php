<?php

// ruleid: php-cookie-insecure
setcookie("session", $value, 0, "/", "", false, true);
// ruleid: php-cookie-insecure
setcookie("session", $value, ["secure" => true, "httponly" => false]);
// ok: php-cookie-insecure
setcookie("session", $value, ["secure" => true, "httponly" => true]);
// ok: php-cookie-insecure
setcookie("session", $value, 0, "/", "", true, true);
