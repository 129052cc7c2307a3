require "yaml"

class CartsController < ApplicationController
  def show
    # ruleid: ruby-unsafe-deserialization
    first = Marshal.load(Base64.decode64(cookies[:cart]))
    # ruleid: ruby-unsafe-deserialization
    second = YAML.unsafe_load(request.raw_post)
    # ok: ruby-unsafe-deserialization
    third = YAML.safe_load(request.raw_post)
    # ok: ruby-unsafe-deserialization
    fourth = JSON.parse(cookies[:cart])
  end
end
