<?php

use Illuminate\Support\Facades\Blade;

// ruleid: php-template-injection
Blade::render("Hello " . $_GET["name"]);
// ruleid: php-template-injection
$twig->createTemplate($_POST["template"]);
// ok: php-template-injection
Blade::render("Hello {{ $name }}", ["name" => $_GET["name"]]);
// ok: php-template-injection
$twig->render("hello.twig", ["name" => $_GET["name"]]);
