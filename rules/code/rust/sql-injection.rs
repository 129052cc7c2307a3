use sqlx::PgPool;

async fn orders(pool: &PgPool, state: &str) {
    // ruleid: rust-sql-formatted-query
    sqlx::query(&format!("SELECT id FROM orders WHERE state = '{state}'")).fetch_all(pool).await;
    let statement = format!("DELETE FROM orders WHERE state = '{}'", state);
    // ruleid: rust-sql-formatted-query
    sqlx::query(&statement).execute(pool).await;
    // ok: rust-sql-formatted-query
    sqlx::query("SELECT id FROM orders WHERE state = $1").bind(state).fetch_all(pool).await;
    let title = format!("orders in state {state}");
    // ok: rust-sql-formatted-query
    printer.execute(&title);
}
