class FilesController < ApplicationController
  def download
    # ruleid: ruby-path-traversal
    send_file("/srv/files/" + params[:name])
    # ruleid: ruby-path-traversal
    File.read(File.join("/srv/files", params[:name]))
    # ok: ruby-path-traversal
    send_file("/srv/files/" + File.basename(params[:name]))
  end

  def checked
    path = File.expand_path(params[:name], "/srv/files")
    return head :bad_request unless path.start_with?("/srv/files/")
    # ok: ruby-path-traversal
    send_file(path)
  end
end
