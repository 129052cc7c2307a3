<?php

// ruleid: php-phpinfo
phpinfo();
// ruleid: php-phpinfo
phpinfo(INFO_ENVIRONMENT);
// ok: php-phpinfo
phpversion();
// ok: php-phpinfo
php_uname();

// ruleid: php-display-errors
ini_set("display_errors", 1);
// ruleid: php-display-errors
ini_set("display_errors", "On");
// ok: php-display-errors
ini_set("display_errors", 0);
// ok: php-display-errors
ini_set("log_errors", 1);
