import org.springframework.security.config.annotation.web.builders.HttpSecurity;

class Security {
    void chains(HttpSecurity http) throws Exception {
        // ruleid: java-spring-csrf-off
        http.csrf().disable();
        // ruleid: java-spring-csrf-off
        http.csrf((csrf) -> csrf.disable());
        // ok: java-spring-csrf-off
        http.csrf((csrf) -> csrf.ignoringRequestMatchers("/hooks/**"));
        // ok: java-spring-csrf-off
        http.csrf(Customizer.withDefaults());
        // ruleid: java-spring-frame-options-off
        http.headers().frameOptions().disable();
        // ruleid: java-spring-frame-options-off
        http.headers((headers) -> headers.frameOptions((frame) -> frame.disable()));
        // ok: java-spring-frame-options-off
        http.headers((headers) -> headers.frameOptions((frame) -> frame.sameOrigin()));
        // ok: java-spring-frame-options-off
        http.headers(Customizer.withDefaults());
    }
}
