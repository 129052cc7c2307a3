class PagesController < ApplicationController
  def show
    # ruleid: ruby-template-injection
    first = ERB.new("Hello " + params[:name]).result
    # ruleid: ruby-template-injection
    render inline: "Hello #{params[:name]}"
    # ok: ruby-template-injection
    second = ERB.new("Hello <%= name %>").result_with_hash(name: params[:name])
    # ok: ruby-template-injection
    render :show, locals: { name: params[:name] }
  end
end
