//! Specifications of installed gems.

use super::*;

const SPEC: &str = "\
# -*- encoding: utf-8 -*-
# stub: rack 2.2.4 ruby lib

Gem::Specification.new do |s|
  s.name = \"rack\".freeze
  s.version = \"2.2.4\"
  s.licenses = [\"MIT\".freeze, \"Ruby\".freeze]
  s.add_runtime_dependency(%q<webrick>.freeze, [\">= 1.0\"])
  s.add_development_dependency(%q<rake>.freeze, [\">= 0\"])
end
";

#[test]
fn literals_are_read() {
    let (gem, wanted) = parse("rack-2.2.4.gemspec", SPEC).unwrap();
    assert_eq!((gem.name.as_str(), gem.version.as_deref(), gem.span.line), ("rack", Some("2.2.4"), 5));
    assert_eq!(gem.licenses, ["MIT", "Ruby"]);
    assert_eq!(wanted, ["webrick"]);
}

#[test]
fn the_file_name_helps_out() {
    let (gem, _) =
        parse("nokogiri-1.15.4-x86_64-linux.gemspec", "Gem::Specification.new do |s|\ns.version = VERSION\n")
            .unwrap();
    assert_eq!((gem.name.as_str(), gem.version.as_deref()), ("nokogiri", Some("1.15.4")));
    assert!(parse("odd.gemspec", "Gem::Specification.new do |s|\ns.name = \"a#{x}\"\n").is_none());
}

#[test]
fn only_specifications_are_wanted() {
    assert!(wants("usr/lib/ruby/gems/3.1.0/specifications/rack-2.2.4.gemspec"));
    assert!(wants("usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec"));
    assert!(!wants("usr/lib/ruby/gems/3.1.0/gems/rack-2.2.4/rack.gemspec"));
}
