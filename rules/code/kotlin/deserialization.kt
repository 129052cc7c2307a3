import com.fasterxml.jackson.databind.ObjectMapper
import java.beans.XMLDecoder
import java.io.ObjectInputStream

fun read(request: Request, mapper: ObjectMapper, cache: Stream) {
    // ruleid: kotlin-unsafe-deserialization
    val first = ObjectInputStream(request.inputStream).readObject()
    // ruleid: kotlin-unsafe-deserialization
    mapper.enableDefaultTyping()
    // ok: kotlin-unsafe-deserialization
    val second = mapper.readValue(request.body, Cart::class.java)
    // ok: kotlin-unsafe-deserialization
    val third = Json.decodeFromString<Cart>(request.body)
}
