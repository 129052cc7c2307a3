<?php

$name = $_GET["name"];
// ruleid: php-xss
echo "<p>Hello " . $name . "</p>";
// ruleid: php-xss
printf("<p>Hello %s</p>", $_POST["name"]);
// ok: php-xss
echo "<p>Hello " . htmlspecialchars($name, ENT_QUOTES) . "</p>";
// ok: php-xss
echo "<p>Page " . (int) $_GET["page"] . "</p>";
