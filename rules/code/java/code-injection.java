import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import javax.script.ScriptEngine;
import org.springframework.expression.spel.standard.SpelExpressionParser;

class Calculator {
    private ScriptEngine engine;
    private Map<String, Class<?>> known;

    Object run(HttpServletRequest request) throws Exception {
        String formula = request.getParameter("formula");
        // ruleid: java-code-injection
        Object first = engine.eval(formula);
        // ruleid: java-code-injection
        Object second = new SpelExpressionParser().parseExpression(formula).getValue();
        // ok: java-code-injection
        Object third = engine.eval("1 + 1");
        // ok: java-code-injection
        Object fourth = new SpelExpressionParser().parseExpression("#root.size").getValue();
        // ruleid: java-unsafe-reflection
        Class<?> fifth = Class.forName(request.getParameter("type"));
        // ruleid: java-unsafe-reflection
        Class<?> sixth = Class.forName("shop." + formula);
        // ok: java-unsafe-reflection
        Class<?> seventh = known.get(request.getParameter("type"));
        // ok: java-unsafe-reflection
        Class<?> eighth = Class.forName("shop.Order");
        return first;
    }
}
