class HelloController < ApplicationController
  def show
    # ruleid: ruby-rails-xss
    @title = "<b>#{params[:title]}</b>".html_safe
    # ruleid: ruby-rails-xss
    render html: params[:text]
    # ok: ruby-rails-xss
    @safe = sanitize(params[:title]).html_safe
    # ok: ruby-rails-xss
    render plain: params[:text]
    # ok: ruby-rails-xss
    @constant = "<hr>".html_safe
  end
end
