<?php

$name = $_GET["name"];
// ruleid: php-ldap-injection
ldap_search($link, "ou=people", "(uid=" . $name . ")");
// ruleid: php-ldap-injection
ldap_list($link, "ou=people", "(cn=$name)");
// ok: php-ldap-injection
ldap_search($link, "ou=people", "(uid=" . ldap_escape($name, "", LDAP_ESCAPE_FILTER) . ")");
// ok: php-ldap-injection
ldap_search($link, "ou=people", "(objectClass=person)");
