<?php

use App\Models\User;

function store($request, $user)
{
    // ruleid: php-mass-assignment
    User::create($request->all());
    // ruleid: php-mass-assignment
    $user->forceFill($request->all());
    // ok: php-mass-assignment
    User::create($request->validated());
    // ok: php-mass-assignment
    $user->fill($request->only(["name", "email"]));
}
