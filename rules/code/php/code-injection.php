<?php

// ruleid: php-code-injection
eval("return " . $_GET["formula"] . ";");
// ruleid: php-code-injection
call_user_func($_POST["action"], 1);
// ok: php-code-injection
json_decode($_POST["data"]);
$name = $_POST["action"];
if (in_array($name, ["sum", "max"], true)) {
    // ok: php-code-injection
    call_user_func($name, [1, 2]);
}

function show(): void
{
    // ruleid: php-file-inclusion
    include "pages/" . $_GET["page"] . ".php";
    // ruleid: php-file-inclusion
    require_once $_GET["language"];
    // ok: php-file-inclusion
    include "pages/home.php";
    // ok: php-file-inclusion
    include "pages/" . basename($_GET["page"]) . ".php";
}
