require "open3"
require "shellwords"

class ToolsController < ApplicationController
  def ping
    host = params[:host]
    # ruleid: ruby-command-injection
    system("ping -c 1 #{host}")
    # ruleid: ruby-command-injection
    Open3.capture3("ping " + host)
    # ok: ruby-command-injection
    system("ping", "-c", "1", "--", host)
    # ok: ruby-command-injection
    system("ping -c 1 #{Shellwords.escape(host)}")
  end

  def show
    # ruleid: ruby-open-starts-command
    first = open(params[:file])
    # ruleid: ruby-open-starts-command
    second = IO.read(params[:file])
    # ok: ruby-open-starts-command
    third = File.open(File.join("/srv", File.basename(params[:file])))
    # ok: ruby-open-starts-command
    fourth = open("list.txt")
  end
end
