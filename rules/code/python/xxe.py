import xml.dom.minidom
import xml.etree.ElementTree
import xml.sax
import xml.sax.handler

import defusedxml.ElementTree
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


def lxml_parsers():
    # ruleid: python-xxe-lxml
    first = etree.XMLParser(resolve_entities=True)
    # ruleid: python-xxe-lxml
    second = etree.XMLParser(no_network=False)
    # ok: python-xxe-lxml
    third = etree.XMLParser(resolve_entities=False, no_network=True)
    # ok: python-xxe-lxml
    fourth = etree.XMLParser(remove_blank_text=True)
    return first, second, third, fourth


def with_entities(document):
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, True)
    # ruleid: python-xxe-sax-external-entities
    return xml.dom.minidom.parseString(document, parser)


def with_parameter_entities(file):
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_pes, True)
    # ruleid: python-xxe-sax-external-entities
    parser.parse(file)


def without_entities(document):
    parser = xml.sax.make_parser()
    parser.setFeature(xml.sax.handler.feature_external_ges, False)
    # ok: python-xxe-sax-external-entities
    return xml.dom.minidom.parseString(document, parser)


def by_default(file):
    parser = xml.sax.make_parser()
    # ok: python-xxe-sax-external-entities
    parser.parse(file)


@app.route("/import")
def receive():
    document = request.get_data()
    # ruleid: python-xml-entity-expansion
    first = xml.etree.ElementTree.fromstring(document)
    # ruleid: python-xml-entity-expansion
    second = xml.dom.minidom.parseString(document)
    # ok: python-xml-entity-expansion
    third = defusedxml.ElementTree.fromstring(document)
    # ok: python-xml-entity-expansion
    fourth = xml.etree.ElementTree.parse("defaults.xml")
    return str([first, second, third, fourth])
