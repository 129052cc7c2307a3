class SearchController < ApplicationController
  def index
    # ruleid: ruby-regex-from-request
    first = Regexp.new(params[:q])
    # ruleid: ruby-regex-from-request
    second = Regexp.new("^" + params[:q], Regexp::IGNORECASE)
    # ok: ruby-regex-from-request
    third = Regexp.new(Regexp.escape(params[:q]))
    # ok: ruby-regex-from-request
    fourth = /\A\d+\z/.match?(params[:q])
  end
end
