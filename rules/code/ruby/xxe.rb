require "nokogiri"

def parse(text)
  # ruleid: ruby-xxe
  first = Nokogiri::XML(text) { |config| config.noent }
  # ruleid: ruby-xxe
  second = Nokogiri::XML(text, nil, nil, Nokogiri::XML::ParseOptions::NOENT)
  # ok: ruby-xxe
  third = Nokogiri::XML(text)
  # ok: ruby-xxe
  fourth = Nokogiri::XML(text) { |config| config.strict.nonet }
end
