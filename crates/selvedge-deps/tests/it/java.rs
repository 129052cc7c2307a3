//! Maven's project model and Gradle's lock and verification files.

use crate::listing::check;

#[test]
fn versions_come_from_properties_management_and_the_model() {
    let pom = "\
<project xmlns='http://maven.apache.org/POM/4.0.0'>
  <groupId>com.acme</groupId>
  <artifactId>shop</artifactId>
  <version>1.${minor}</version>
  <properties>
    <minor>2</minor>
    <base>4.1</base>
    <netty.version>${base}.9.Final</netty.version>
    <loop>${loop}</loop>
  </properties>
  <dependencyManagement>
    <dependencies>
      <dependency><groupId>org.a</groupId><artifactId>managed</artifactId><version>3.0</version><scope>test</scope></dependency>
    </dependencies>
  </dependencyManagement>
  <dependencies>
    <dependency>
      <groupId>io.netty</groupId>
      <artifactId>netty-all</artifactId>
      <version>${netty.version}</version>
    </dependency>
    <dependency><groupId>org.a</groupId><artifactId>managed</artifactId></dependency>
    <dependency><groupId>${project.groupId}</groupId><artifactId>own</artifactId><version>${project.version}</version></dependency>
    <dependency><groupId>org.a</groupId><artifactId>provided</artifactId><version>1</version><scope>provided</scope></dependency>
    <dependency><groupId>org.a</groupId><artifactId>optional</artifactId><version>[1.5]</version><optional>true</optional></dependency>
    <dependency><groupId>org.a</groupId><artifactId>range</artifactId><version>[1,2)</version></dependency>
    <dependency><groupId>org.a</groupId><artifactId>local</artifactId><version>1</version><scope>system</scope><systemPath>lib/a.jar</systemPath></dependency>
    <dependency><groupId>org.a</groupId><artifactId>unknown</artifactId><version>${nowhere}</version></dependency>
    <dependency><groupId>org.a</groupId><artifactId>endless</artifactId><version>${loop}</version></dependency>
    <dependency><groupId>org.a</groupId><artifactId>bare</artifactId></dependency>
    <dependency><artifactId>nameless</artifactId></dependency>
  </dependencies>
  <profiles>
    <profile><activation><activeByDefault>true</activeByDefault></activation>
      <dependencies><dependency><groupId>org.p</groupId><artifactId>on</artifactId><version>1</version></dependency></dependencies>
    </profile>
    <profile><dependencies><dependency><groupId>org.p</groupId><artifactId>off</artifactId><version>1</version></dependency></dependencies></profile>
  </profiles>
</project>";
    check(
        &[("pom.xml", pom)],
        "
        pom.xml maven-pom
          3 com.acme:shop@1.2 root path:. -> io.netty:netty-all@4.1.9.Final, org.a:managed@3.0, com.acme:own@1.2, org.a:provided@1, org.a:optional@1.5, org.a:range, org.a:local@1, org.a:unknown, org.a:endless, org.a:bare, org.p:on@1
          17 io.netty:netty-all@4.1.9.Final direct
          22 org.a:managed@3.0 direct development
          23 com.acme:own@1.2 direct
          24 org.a:provided@1 direct build
          25 org.a:optional@1.5 direct optional ([1.5])
          26 org.a:range direct ([1,2))
          27 org.a:local@1 direct path:lib/a.jar
          28 org.a:unknown direct (${nowhere})
          29 org.a:endless direct (${loop})
          30 org.a:bare direct
          35 org.p:on@1 direct
        pom.xml:28: dependencies whose version stands in no file at hand: 3
        pom.xml:31: expected `groupId` and `artifactId` in a dependency; it is left out
        ",
    );
}

const PARENT: &str = "\
<project>
  <groupId>com.acme</groupId>
  <artifactId>acme-parent</artifactId>
  <version>7</version>
  <packaging>pom</packaging>
  <properties><jackson>2.17.0</jackson><override>1</override></properties>
  <dependencies>
    <dependency><groupId>org.a</groupId><artifactId>inherited</artifactId><version>${override}</version></dependency>
  </dependencies>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.a</groupId><artifactId>a</artifactId><version>${jackson}</version></dependency>
    <dependency><groupId>com.acme</groupId><artifactId>acme-bom</artifactId><version>${project.version}</version><type>pom</type><scope>import</scope></dependency>
    <dependency><groupId>org.off</groupId><artifactId>off-bom</artifactId><version>3</version><type>pom</type><scope>import</scope></dependency>
  </dependencies></dependencyManagement>
</project>";

const BOM: &str = "\
<project>
  <groupId>com.acme</groupId><artifactId>acme-bom</artifactId><version>7</version>
  <properties><jackson>9</jackson></properties>
  <dependencyManagement><dependencies>
    <dependency><groupId>org.b</groupId><artifactId>b</artifactId><version>${jackson}</version></dependency>
    <dependency><groupId>org.a</groupId><artifactId>a</artifactId><version>0</version></dependency>
  </dependencies></dependencyManagement>
</project>";

#[test]
fn parents_bills_of_materials_and_modules_are_found_in_the_tree() {
    let module = "\
<project>
  <parent><groupId>com.acme</groupId><artifactId>acme-parent</artifactId><version>7</version></parent>
  <artifactId>acme-core</artifactId>
  <properties><override>2</override></properties>
  <dependencies>
    <dependency><groupId>org.a</groupId><artifactId>a</artifactId></dependency>
    <dependency><groupId>org.b</groupId><artifactId>b</artifactId></dependency>
    <dependency><groupId>org.c</groupId><artifactId>c</artifactId></dependency>
    <dependency><groupId>com.acme</groupId><artifactId>acme-api</artifactId><version>${project.version}</version></dependency>
  </dependencies>
</project>";
    let api = "\
<project>
  <parent><groupId>com.acme</groupId><artifactId>acme-parent</artifactId><version>7</version><relativePath>..</relativePath></parent>
  <artifactId>acme-api</artifactId>
</project>";
    check(
        &[("pom.xml", PARENT), ("core/pom.xml", module), ("api/pom.xml", api), ("bom/pom.xml", BOM)],
        "
        api/pom.xml maven-pom
          3 com.acme:acme-api@7 root path:. -> org.a:inherited@1
          2 org.a:inherited@1 direct declared:pom.xml:8
        bom/pom.xml maven-pom
          2 com.acme:acme-bom@7 root path:.
        core/pom.xml maven-pom
          3 com.acme:acme-core@7 root path:. -> org.a:a@2.17.0, org.b:b@9, org.c:c, com.acme:acme-api@7, org.a:inherited@2
          6 org.a:a@2.17.0 direct declared:pom.xml:11
          7 org.b:b@9 direct declared:bom/pom.xml:5
          8 org.c:c direct
          9 com.acme:acme-api@7 direct path:api
          2 org.a:inherited@2 direct declared:pom.xml:8
        pom.xml maven-pom
          3 com.acme:acme-parent@7 root path:. -> org.a:inherited@1
          8 org.a:inherited@1 direct
        core/pom.xml:8: dependencies whose version stands in no file at hand: 1; not at hand: org.off:off-bom:3
        ",
    );
}

#[test]
fn a_parent_that_is_not_at_hand_is_said() {
    let pom = "\
<project>
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.3.0</version><relativePath/></parent>
  <artifactId>demo</artifactId>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
  </dependencies>
</project>";
    check(
        &[("pom.xml", pom)],
        "
        pom.xml maven-pom
          3 org.springframework.boot:demo@3.3.0 root path:. -> org.springframework.boot:spring-boot-starter-web
          5 org.springframework.boot:spring-boot-starter-web direct
        pom.xml:2: parent org.springframework.boot:spring-boot-starter-parent:3.3.0 is not at hand; what it adds is not known
        pom.xml:5: dependencies whose version stands in no file at hand: 1
        ",
    );
}

#[test]
fn projects_that_name_each_other_as_parents_end() {
    let pom = |own: &str, parent: &str| {
        format!(
            "<project><groupId>g</groupId><artifactId>{own}</artifactId><version>1</version><parent><groupId>g</groupId><artifactId>{parent}</artifactId><version>1</version><relativePath>../{parent}</relativePath></parent></project>"
        )
    };
    check(
        &[("a/pom.xml", &pom("a", "b")), ("b/pom.xml", &pom("b", "a"))],
        "
        a/pom.xml maven-pom
          1 g:a@1 root path:.
        b/pom.xml maven-pom
          1 g:b@1 root path:.
        ",
    );
}

#[test]
fn what_is_no_project_is_said() {
    check(&[("pom.xml", "<settings/>")], "pom.xml:1: expected the element `project`");
    check(&[("pom.xml", "text")], "pom.xml:1: text outside of the outermost element");
    check(
        &[("pom.xml", "<project><dependencies><dependency><groupId>g</groupId><artifactId>a</artifactId></dependency>\n<dependency></project>")],
        "
        pom.xml maven-pom
          1 g:a direct
        pom.xml:1: dependencies whose version stands in no file at hand: 1
        pom.xml:2: not well-formed XML: ill-formed document: expected `</dependency>`, but `</project>` was found
        pom.xml:2: expected `groupId` and `artifactId` in a dependency; it is left out
        ",
    );
}

const METADATA: &str = "\
<verification-metadata>
  <components>
    <component group='org.a' name='a' version='1.0'>
      <artifact name='a-1.0.jar'><sha256 value='1111111111111111111111111111111111111111111111111111111111111111'/></artifact>
      <artifact name='a-1.0.pom'><sha256 value='2222222222222222222222222222222222222222222222222222222222222222'/></artifact>
    </component>
    <component group='org.a' name='a' version='1.0'/>
    <component name='b' version='1.0'/>
  </components>
</verification-metadata>";

#[test]
fn configurations_of_a_gradle_lockfile_give_scopes_and_the_metadata_digests() {
    check(
        &[
            (
                "app/gradle.lockfile",
                "# comment\norg.a:a:1.0=runtimeClasspath,testRuntimeClasspath\norg.a:t:1=testCompileClasspath,testRuntimeClasspath\norg.a:p:1=annotationProcessor\norg.a:c:1=compileClasspath,testCompileClasspath\nnonsense\nempty=kapt\n",
            ),
            ("buildscript-gradle.lockfile", "org.a:plugin:2=classpath\n"),
            ("gradle/dependency-locks/testRuntimeClasspath.lockfile", "org.a:old:1\n"),
            ("gradle/verification-metadata.xml", METADATA),
        ],
        "
        app/gradle.lockfile gradle-lockfile
          2 org.a:a@1.0 unknown Sha256:11111111
          3 org.a:t@1 unknown development
          4 org.a:p@1 unknown build
          5 org.a:c@1 unknown build
        buildscript-gradle.lockfile gradle-lockfile
          1 org.a:plugin@2 unknown build
        gradle/dependency-locks/testRuntimeClasspath.lockfile gradle-lockfile
          1 org.a:old@1 unknown development
        gradle/verification-metadata.xml gradle-verification-metadata
          3 org.a:a@1.0 unknown Sha256:11111111
        app/gradle.lockfile:6: expected `<group>:<artifact>:<version>=<configurations>`
        gradle/verification-metadata.xml:7: `org.a:a` is listed twice
        gradle/verification-metadata.xml:8: expected `group` and `name` in a component; it is left out
        ",
    );
}

#[test]
fn a_version_catalogue_has_several_notations() {
    check(
        &[(
            "gradle/libs.versions.toml",
            "[versions]\na = \"1.0\"\nr = { strictly = \"[1,2)\" }\n[libraries]\na = { module = \"org.a:a\", version.ref = \"a\" }\nb = \"org.a:b:2\"\nc = { group = \"org.a\", name = \"c\", version = { prefer = \"3\" } }\nd = { module = \"org.a:d\", version.ref = \"r\" }\ne-f = { module = \"org.a:e\" }\ng = { version = \"1\" }\n[plugins]\nx = { id = \"x\", version = \"1\" }\n",
        )],
        "
        gradle/libs.versions.toml gradle-version-catalog unlocked
          5 org.a:a@1.0 direct
          6 org.a:b@2 direct
          7 org.a:c@3 direct
          8 org.a:d direct ([1,2))
          9 org.a:e direct
        gradle/libs.versions.toml:10: expected `module` or `group` and `name` in a library; it is left out
        ",
    );
}
