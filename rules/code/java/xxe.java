import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.SAXParserFactory;
import javax.xml.stream.XMLInputFactory;
import org.dom4j.io.SAXReader;

class Documents {
    void open(InputStream stream) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // ruleid: java-xxe-document-builder
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.parse(stream);
    }

    void sax(InputStream stream) throws Exception {
        // ruleid: java-xxe-document-builder
        SAXParserFactory.newInstance().newSAXParser().parse(stream, handler);
    }

    void closed(InputStream stream) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java-xxe-document-builder
        factory.newDocumentBuilder().parse(stream);
    }

    void empty() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        // ok: java-xxe-document-builder
        DocumentBuilder builder = factory.newDocumentBuilder();
        Document document = builder.newDocument();
    }

    void stream(InputStream stream) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        // ruleid: java-xxe-stax
        factory.createXMLStreamReader(stream);
        // ruleid: java-xxe-stax
        factory.createXMLEventReader(stream);
    }

    void streamClosed(InputStream stream) throws Exception {
        XMLInputFactory factory = XMLInputFactory.newInstance();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        // ok: java-xxe-stax
        factory.createXMLStreamReader(stream);
        // ok: java-xxe-stax
        factory.createXMLEventReader(stream);
    }

    void dom4j(InputStream stream) throws Exception {
        SAXReader reader = new SAXReader();
        // ruleid: java-xxe-library-reader
        reader.read(stream);
        // ruleid: java-xxe-library-reader
        new SAXBuilder().build(stream);
    }

    void dom4jClosed(InputStream stream) throws Exception {
        SAXReader reader = new SAXReader();
        reader.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        // ok: java-xxe-library-reader
        reader.read(stream);
    }

    void dom4jDefault(InputStream stream) throws Exception {
        SAXReader reader = SAXReader.createDefault();
        // ok: java-xxe-library-reader
        reader.read(stream);
    }
}
