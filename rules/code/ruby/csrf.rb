class HooksController < ApplicationController
  # ruleid: ruby-csrf-protection-off
  skip_before_action :verify_authenticity_token, only: :create
end

class OpenController < ApplicationController
  # ruleid: ruby-csrf-protection-off
  protect_from_forgery with: :null_session
end

class ClosedController < ApplicationController
  # ok: ruby-csrf-protection-off
  protect_from_forgery with: :exception
  # ok: ruby-csrf-protection-off
  skip_before_action :require_login
end
