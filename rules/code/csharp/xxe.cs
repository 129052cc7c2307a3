using System.Xml;

class Documents
{
    void Read(XmlDocument document)
    {
        // ruleid: csharp-xxe
        var open = new XmlReaderSettings { DtdProcessing = DtdProcessing.Parse };
        // ruleid: csharp-xxe
        document.XmlResolver = new XmlUrlResolver();
        // ok: csharp-xxe
        var closed = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit };
        // ok: csharp-xxe
        document.XmlResolver = null;
    }
}
