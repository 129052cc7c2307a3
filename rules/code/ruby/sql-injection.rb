class OrdersController < ApplicationController
  def index
    # ruleid: ruby-sql-injection, ruby-sql-formatted-fragment
    @first = Order.where("state = '#{params[:state]}'")
    sql = "SELECT * FROM orders WHERE state = '" + params[:state] + "'"
    # ruleid: ruby-sql-injection
    @second = Order.find_by_sql(sql)
    # ok: ruby-sql-injection
    @third = Order.where("state = ?", params[:state])
    # ok: ruby-sql-injection
    @fourth = Order.where(state: params[:state])
    # ok: ruby-sql-injection
    # ruleid: ruby-sql-formatted-fragment
    @fifth = Order.where("id = #{params[:id].to_i}")
  end

  def report(column)
    # ruleid: ruby-sql-formatted-fragment
    Order.having("count(#{column}) > 1")
    # ok: ruby-sql-formatted-fragment
    Order.having("count(id) > 1")
    # ok: ruby-sql-formatted-fragment
    Order.where("state = ?", column)
  end
end
