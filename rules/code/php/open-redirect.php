<?php

// ruleid: php-open-redirect
header("Location: " . $_GET["next"]);
// ruleid: php-open-redirect
return redirect()->away($request->input("next"));
// ok: php-open-redirect
header("Location: /home");
// ok: php-open-redirect
header("X-Name: " . $_GET["name"]);
// ok: php-open-redirect
return redirect()->route("order", $request->input("id"));
