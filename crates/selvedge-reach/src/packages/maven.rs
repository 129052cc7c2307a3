//! Maven artefacts: the group is often, and not always, where the packages begin.

use super::{Names, fits};

/// Artefacts whose Java packages are known: `group:artifact` (or `group:*`), packages.
const PACKAGES: &[(&str, &[&str])] = &[
    ("antlr:antlr", &["antlr"]),
    ("c3p0:c3p0", &["com.mchange"]),
    ("com.alibaba:fastjson", &["com.alibaba.fastjson"]),
    ("com.auth0:java-jwt", &["com.auth0.jwt"]),
    ("com.esotericsoftware:kryo", &["com.esotericsoftware.kryo"]),
    ("com.fasterxml.jackson.core:jackson-annotations", &["com.fasterxml.jackson.annotation"]),
    ("com.fasterxml.jackson.core:jackson-core", &["com.fasterxml.jackson.core"]),
    ("com.fasterxml.jackson.core:jackson-databind", &["com.fasterxml.jackson.databind"]),
    ("com.github.ben-manes.caffeine:caffeine", &["com.github.benmanes.caffeine"]),
    ("com.google.code.gson:gson", &["com.google.gson"]),
    ("com.google.guava:guava", &["com.google.common", "com.google.thirdparty"]),
    ("com.google.inject:guice", &["com.google.inject"]),
    ("com.google.protobuf:protobuf-java", &["com.google.protobuf"]),
    ("com.googlecode.json-simple:json-simple", &["org.json.simple"]),
    ("com.jayway.jsonpath:json-path", &["com.jayway.jsonpath"]),
    ("com.squareup.okhttp3:okhttp", &["okhttp3"]),
    ("com.squareup.okio:okio", &["okio"]),
    ("com.squareup.retrofit2:retrofit", &["retrofit2"]),
    ("com.thoughtworks.xstream:xstream", &["com.thoughtworks.xstream"]),
    ("commons-beanutils:commons-beanutils", &["org.apache.commons.beanutils"]),
    ("commons-cli:commons-cli", &["org.apache.commons.cli"]),
    ("commons-codec:commons-codec", &["org.apache.commons.codec"]),
    ("commons-collections:commons-collections", &["org.apache.commons.collections"]),
    ("commons-fileupload:commons-fileupload", &["org.apache.commons.fileupload"]),
    ("commons-httpclient:commons-httpclient", &["org.apache.commons.httpclient"]),
    ("commons-io:commons-io", &["org.apache.commons.io"]),
    ("commons-lang:commons-lang", &["org.apache.commons.lang"]),
    ("commons-net:commons-net", &["org.apache.commons.net"]),
    ("dom4j:dom4j", &["org.dom4j"]),
    ("io.jsonwebtoken:jjwt", &["io.jsonwebtoken"]),
    ("io.netty:netty-all", &["io.netty"]),
    ("io.undertow:undertow-core", &["io.undertow"]),
    ("joda-time:joda-time", &["org.joda.time"]),
    ("net.lingala.zip4j:zip4j", &["net.lingala.zip4j"]),
    ("net.minidev:json-smart", &["net.minidev.json"]),
    ("ognl:ognl", &["ognl"]),
    ("org.apache.commons:commons-collections4", &["org.apache.commons.collections4"]),
    ("org.apache.commons:commons-compress", &["org.apache.commons.compress"]),
    ("org.apache.commons:commons-csv", &["org.apache.commons.csv"]),
    ("org.apache.commons:commons-lang3", &["org.apache.commons.lang3"]),
    ("org.apache.commons:commons-math3", &["org.apache.commons.math3"]),
    ("org.apache.commons:commons-text", &["org.apache.commons.text"]),
    ("org.apache.httpcomponents.client5:httpclient5", &["org.apache.hc.client5"]),
    ("org.apache.httpcomponents:httpclient", &["org.apache.http"]),
    ("org.apache.pdfbox:pdfbox", &["org.apache.pdfbox"]),
    ("org.apache.poi:poi", &["org.apache.poi"]),
    ("org.apache.poi:poi-ooxml", &["org.apache.poi"]),
    ("org.apache.thrift:libthrift", &["org.apache.thrift"]),
    ("org.apache.velocity:velocity", &["org.apache.velocity"]),
    ("org.apache.velocity:velocity-engine-core", &["org.apache.velocity"]),
    ("org.apache.zookeeper:zookeeper", &["org.apache.zookeeper"]),
    ("org.asynchttpclient:async-http-client", &["org.asynchttpclient"]),
    ("org.codehaus.jackson:jackson-mapper-asl", &["org.codehaus.jackson"]),
    ("org.codehaus.jettison:jettison", &["org.codehaus.jettison"]),
    ("org.jdom:jdom2", &["org.jdom2"]),
    ("org.json:json", &["org.json"]),
    ("org.jsoup:jsoup", &["org.jsoup"]),
    ("org.mozilla:rhino", &["org.mozilla.javascript"]),
    ("org.yaml:snakeyaml", &["org.yaml.snakeyaml"]),
    ("org.zeroturnaround:zt-zip", &["org.zeroturnaround.zip"]),
    ("xstream:xstream", &["com.thoughtworks.xstream"]),
];

/// Parts of artefact names that add nothing to a package's name.
const DECORATIONS: &[&str] =
    &["core", "api", "all", "java", "jvm", "impl", "common", "commons", "client", "lib"];

/// Java packages: known ones, or the group and what the artefact's name adds to it.
pub(super) fn names(coordinates: &str) -> Names {
    if let Ok(at) = PACKAGES.binary_search_by(|row| row.0.cmp(coordinates)) {
        return Names::all(PACKAGES[at].1.iter().copied());
    }
    let (group, artifact) = coordinates.split_once(':').unwrap_or((coordinates, ""));
    let mut own = vec![group.to_owned(), group.replace('-', "_"), group.replace('-', "")];
    let artifact = artifact.rsplit_once('_').map_or(artifact, |(stem, scala)| {
        if scala.starts_with(|c: char| c.is_ascii_digit()) { stem } else { artifact }
    });
    let parts = artifact.split('-').filter(|part| !DECORATIONS.contains(part)).collect::<Vec<_>>();
    let dotted = parts.join(".");
    let mut maybe = Vec::new();
    if !dotted.is_empty() {
        own.push(format!("{group}.{dotted}"));
        maybe.push(format!("org.{dotted}"));
        maybe.push(format!("com.{dotted}"));
    }
    Names { own, maybe, are_all: false }
}

/// Drivers, logging, containers, annotation processors, starters: found by the class path.
const BY_CLASS_PATH: &[&str] = &[
    "*jdbc*",
    "*driver*",
    "*mysql*",
    "*postgresql*",
    "*mariadb*",
    "*h2*",
    "*hsqldb*",
    "*derby*",
    "*sqlite*",
    "*oracle*",
    "*mssql*",
    "*slf4j*",
    "*log4j*",
    "*logback*",
    "*logging*",
    "*jul*",
    "*starter*",
    "*autoconfigure*",
    "*spring*",
    "*tomcat*",
    "*jetty*",
    "*undertow*",
    "*netty*",
    "*servlet*",
    "*jaxb*",
    "*jakarta*",
    "javax.*",
    "*hibernate*",
    "*validator*",
    "*lombok*",
    "*processor*",
    "*mapstruct*",
    "*plugin*",
    "*bom",
    "*parent",
    "*webjars*",
    "*xerces*",
    "*xalan*",
    "*saxon*",
    "*woodstox*",
    "*stax*",
    "*aspectj*",
    "*bouncycastle*",
    "*provider*",
    "*jackson-*",
    "*quarkus*",
    "*micronaut*",
    "*kotlin-stdlib*",
    "*kotlin-reflect*",
    "*scala-library*",
    "*jaxen*",
    "*activation*",
    "*mail*",
    "*flyway*",
    "*liquibase*",
    "*hikari*",
    "*c3p0*",
    "*junit*",
    "*surefire*",
    "*snakeyaml*",
    "*commons-logging*",
    "*cglib*",
    "*asm*",
    "*javassist*",
    "*byte-buddy*",
    "*groovy*",
    "*thymeleaf*",
    "*freemarker*",
    "*velocity*",
];

/// Why a Java archive may be in use without an import.
pub(super) fn used_without_import(coordinates: &str) -> Option<&'static str> {
    fits(coordinates, BY_CLASS_PATH).then_some("frameworks find it on the class path without an import")
}
