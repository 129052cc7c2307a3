//! Bundler's lockfile and the files around it.

use crate::listing::check;

const LOCK: &str = "\
GIT
  remote: https://example.com/own.git
  revision: 0123abc
  branch: main
  specs:
    own (0.1.0)
      rack (~> 2.0)

PATH
  remote: engines/shop
  specs:
    shop (1.0)

GEM
  remote: https://gems.example.com/
  specs:
    private (3.0)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.18.0-aarch64-linux-gnu)
      racc (~> 1.4)
    nokogiri (1.18.0-x86_64-darwin)
      racc (~> 1.4)
    racc (1.8.1)
    rack (2.2.9)
    rspec (3.13.0)
      racc
      rspec-core (~> 3.13.0)
    rspec-core (3.13.2)

PLATFORMS
  ruby

DEPENDENCIES
  nokogiri (>= 1.15)
  own!
  private!
  rspec
  shop!
  tzinfo-data

CHECKSUMS
  nokogiri (1.18.0-aarch64-linux-gnu) sha256=1111111111111111111111111111111111111111111111111111111111111111
  nokogiri (1.18.0-x86_64-darwin) sha256=2222222222222222222222222222222222222222222222222222222222222222
  rack (2.2.9)

RUBY VERSION
   ruby 3.3.0p0

BUNDLED WITH
   2.5.9
";

#[test]
fn sections_give_origins_edges_platforms_and_checksums() {
    check(
        &[("Gemfile.lock", LOCK)],
        "
        Gemfile.lock gemfile-lock graph
          6 own@0.1.0 direct git:https://example.com/own.git#0123abc -> rack@2.2.9
          12 shop@1.0 direct path:engines/shop
          17 private@3.0 direct registry:https://gems.example.com/
          22 nokogiri@1.18.0 direct (>= 1.15) Sha256:11111111 Sha256:22222222 -> racc@1.8.1
          26 racc@1.8.1 transitive
          27 rack@2.2.9 transitive
          28 rspec@3.13.0 direct -> racc@1.8.1, rspec-core@3.13.2
          31 rspec-core@3.13.2 transitive
        ",
    );
}

#[test]
fn groups_of_the_gemfile_spread_along_the_graph() {
    let gemfile = "source 'https://rubygems.org'\n\ngem 'nokogiri', '>= 1.15' # parser\ngroup :development, :test do\n  platforms :ruby do\n    gem \"rspec\"\n  end\nend\ngem 'own', git: 'https://example.com/own.git',\n  group: :development\n";
    check(
        &[("a/Gemfile.lock", LOCK), ("a/Gemfile", gemfile)],
        "
        a/Gemfile.lock gemfile-lock graph
          6 own@0.1.0 direct development git:https://example.com/own.git#0123abc declared:a/Gemfile:9 -> rack@2.2.9
          12 shop@1.0 direct path:engines/shop
          17 private@3.0 direct registry:https://gems.example.com/
          22 nokogiri@1.18.0 direct (>= 1.15) declared:a/Gemfile:3 Sha256:11111111 Sha256:22222222 -> racc@1.8.1
          26 racc@1.8.1 transitive
          27 rack@2.2.9 transitive development
          28 rspec@3.13.0 direct development declared:a/Gemfile:6 -> racc@1.8.1, rspec-core@3.13.2
          31 rspec-core@3.13.2 transitive development
        ",
    );
}

#[test]
fn a_specification_taken_in_by_the_gemfile_says_what_is_for_developers() {
    check(
        &[
            (
                "gems.locked",
                "PATH\n  remote: .\n  specs:\n    mine (1.0)\n      rack\n\nGEM\n  specs:\n    rack (3.0)\n    rake (13.0)\n\nDEPENDENCIES\n  mine!\n  rake (~> 13)\n",
            ),
            ("gems.rb", "gemspec\n"),
            (
                "mine.gemspec",
                "Gem::Specification.new do |s|\n  s.name = 'mine'\n  s.add_dependency 'rack', '>= 2', '< 4'\n  s.add_development_dependency(%q<rake>.freeze, [\"~> 13\"])\nend\n",
            ),
        ],
        "
        gems.locked gemfile-lock graph
          4 mine@1.0 direct path:. -> rack@3.0
          9 rack@3.0 transitive
          10 rake@13.0 direct development (~> 13) declared:mine.gemspec:4
        ",
    );
}

#[test]
fn what_is_not_locked_has_requirements() {
    check(
        &[
            (
                "Gemfile",
                "gem 'rails', '~> 7.1', '>= 7.1.3'\ngem name\ngem \"a\", github: \"x/a\"\npath \"vendor\" do\n  gem 'b'\nend\ngem 'c' if RUBY_VERSION > '3'\ngem 'd', :groups => [:test]\n",
            ),
            (
                "x.gemspec",
                "Gem::Specification.new do |spec|\n  spec.name = \"x\"\n  spec.version = X::VERSION\n  spec.add_runtime_dependency \"y\"\n  spec.add_dependency name\nend\n",
            ),
            ("gems/specifications/z.gemspec", "s.name = \"z\"\n"),
        ],
        "
        Gemfile gemfile unlocked
          1 rails direct (~> 7.1, >= 7.1.3)
          3 a direct git:https://github.com/x/a.git#?
          5 b direct path:vendor
          7 c direct
          8 d direct development
        x.gemspec gemspec unlocked
          2 x root path:. -> y
          4 y direct
        Gemfile:2: the name of the gem is not a literal; not read
        x.gemspec:5: the name of the gem is not a literal; not read
        ",
    );
}

#[test]
fn mistakes_keep_their_line_and_the_rest_counts() {
    check(
        &[("Gemfile.lock", "GEM\n  remote https\n  specs:\n    a\n     b (1)\n    c (2)\nNONSENSE\n  x\n")],
        "
        Gemfile.lock gemfile-lock graph
          4 a unknown
          6 c@2 unknown
        Gemfile.lock:2: expected `key: value`
        Gemfile.lock:4: gem `a` has no version
        Gemfile.lock:5: unexpected indentation by 5
        Gemfile.lock:7: unknown section `NONSENSE`
        ",
    );
    check(
        &[("Gemfile.lock", "{}")],
        "Gemfile.lock: no section of a Bundler lockfile found\nGemfile.lock:1: unknown section `{}`",
    );
}
