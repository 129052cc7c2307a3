import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.beans.XMLDecoder;
import java.io.ObjectInputStream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.Constructor;
import org.yaml.snakeyaml.constructor.SafeConstructor;

class Carts {
    void read(HttpServletRequest request) throws Exception {
        // ruleid: java-unsafe-deserialization
        Object first = new ObjectInputStream(request.getInputStream()).readObject();
        // ruleid: java-unsafe-deserialization
        Object second = new XMLDecoder(request.getInputStream()).readObject();
        // ok: java-unsafe-deserialization
        Cart third = new ObjectMapper().readValue(request.getInputStream(), Cart.class);
        // ok: java-unsafe-deserialization
        Object fourth = new ObjectInputStream(cacheFile).readObject();
    }

    void mappers(ObjectMapper mapper) {
        // ruleid: java-jackson-any-class
        mapper.enableDefaultTyping();
        // ruleid: java-jackson-any-class
        mapper.activateDefaultTyping(LaissezFaireSubTypeValidator.instance, ObjectMapper.DefaultTyping.NON_FINAL);
        // ok: java-jackson-any-class
        mapper.activateDefaultTyping(shopOnly, ObjectMapper.DefaultTyping.NON_FINAL);
        // ok: java-jackson-any-class
        mapper.findAndRegisterModules();
    }

    Object configuration(String text) {
        // ruleid: java-snakeyaml-any-class
        Object first = new Yaml().load(text);
        // ruleid: java-snakeyaml-any-class
        Object second = new Yaml(new Constructor(Cart.class)).load(text);
        // ok: java-snakeyaml-any-class
        Object third = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        return first;
    }

    String write(Object data) {
        // ok: java-snakeyaml-any-class
        Yaml yaml = new Yaml();
        return yaml.dump(data);
    }
}
