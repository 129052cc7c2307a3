class SessionsController < ApplicationController
  def create
    # ruleid: ruby-open-redirect
    redirect_to params[:next]
    # ruleid: ruby-open-redirect
    redirect_to(cookies[:return_to] || "/")
    # ok: ruby-open-redirect
    redirect_to url_from(params[:next]) || root_path
    # ok: ruby-open-redirect
    redirect_to order_path(params[:id])
  end
end
