<?php

$name = $_GET["name"];
// ruleid: php-path-traversal
readfile("/srv/files/" . $name);
// ruleid: php-path-traversal
unlink("/srv/files/$name");
// ok: php-path-traversal
readfile("/srv/files/" . basename($name));

function checked(): void
{
    $path = realpath("/srv/files/" . $_GET["name"]);
    if (!str_starts_with($path, "/srv/files/")) {
        return;
    }
    // ok: php-path-traversal
    readfile($path);
}
