<?php

use Illuminate\Http\Request;
use Illuminate\Support\Facades\DB;

$state = $_GET["state"];
// ruleid: php-sql-injection
mysqli_query($link, "SELECT id FROM orders WHERE state = '" . $state . "'");
// ruleid: php-sql-injection
$pdo->query("SELECT id FROM orders WHERE state = '$state'");
$statement = $pdo->prepare("SELECT id FROM orders WHERE state = ?");
// ok: php-sql-injection
$statement->execute([$state]);
$number = (int) $_GET["number"];
// ok: php-sql-injection
$pdo->query("SELECT id FROM orders WHERE id = $number");

function customers(Request $request)
{
    // ruleid: php-sql-injection
    DB::select("SELECT * FROM customers WHERE name = '" . $request->input("name") . "'");
    // ok: php-sql-injection
    DB::select("SELECT * FROM customers WHERE name = ?", [$request->input("name")]);
}
