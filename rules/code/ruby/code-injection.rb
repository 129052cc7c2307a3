class CalculatorController < ApplicationController
  ACTIONS = { "sum" => ->(a) { a.sum } }

  def run
    # ruleid: ruby-code-injection
    first = eval(params[:formula])
    # ruleid: ruby-code-injection
    second = @order.send(params[:method])
    # ruleid: ruby-code-injection
    third = params[:type].constantize.new
    # ok: ruby-code-injection
    fourth = ACTIONS.fetch(params[:action_name])
    # ok: ruby-code-injection
    fifth = @order.public_send(:total)
  end

  def checked
    name = params[:method]
    return unless %w[total weight].include?(name)
    # ok: ruby-code-injection
    @order.public_send(name)
  end
end
