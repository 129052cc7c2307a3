class UsersController < ApplicationController
  def create
    # ruleid: ruby-mass-assignment
    first = User.new(params.require(:user).permit!)
    # ruleid: ruby-mass-assignment
    second = User.new(params.to_unsafe_h)
    # ok: ruby-mass-assignment
    third = User.new(params.require(:user).permit(:name, :email))
    # ok: ruby-mass-assignment
    fourth = User.new(name: params[:name])
  end
end
