require "net/http"

class PreviewController < ApplicationController
  def show
    # ruleid: ruby-ssrf
    first = Net::HTTP.get(URI(params[:url]))
    # ruleid: ruby-ssrf
    second = HTTParty.get("https://#{params[:host]}/status")
    # ok: ruby-ssrf
    third = HTTParty.get("https://api.example.org/items/#{params[:id]}")
    # ok: ruby-ssrf
    fourth = Faraday.post("https://api.example.org/items", url: params[:url])
  end
end
