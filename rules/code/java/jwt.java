import com.auth0.jwt.JWT;
import com.auth0.jwt.algorithms.Algorithm;
import io.jsonwebtoken.Jwts;

class Tokens {
    void read(String token, Key key) {
        // ruleid: java-jwt-unverified
        Jwts.parser().build().parseUnsecuredClaims(token);
        // ruleid: java-jwt-unverified
        String unsigned = JWT.create().sign(Algorithm.none());
        // ok: java-jwt-unverified
        Jwts.parser().verifyWith(key).build().parseSignedClaims(token);
        // ok: java-jwt-unverified
        JWT.require(Algorithm.RSA256(key)).build().verify(token);
        // ruleid: java-jwt-decode-unverified
        JWT.decode(token);
        // ruleid: java-jwt-decode-unverified
        SignedJWT.parse(token);
        // ok: java-jwt-decode-unverified
        Jwts.parser().verifyWith(key).build().parseSignedClaims(token);
        // ok: java-jwt-decode-unverified
        Base64.decode(token);
    }
}
