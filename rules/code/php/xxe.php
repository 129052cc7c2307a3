<?php

$document = new DOMDocument();
// ruleid: php-xxe
$document->loadXML($text, LIBXML_NOENT | LIBXML_DTDLOAD);
// ruleid: php-xxe
$xml = simplexml_load_string($text, "SimpleXMLElement", LIBXML_NOENT);
// ok: php-xxe
$document->loadXML($text);
// ok: php-xxe
$document->loadXML($text, LIBXML_NONET);
