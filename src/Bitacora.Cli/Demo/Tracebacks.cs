namespace Bitacora.Cli.Demo;

/// <summary>How the shop's programs fail, as their runtimes write it.</summary>
internal static class Tracebacks
{
    public const string NoConnection = """
        Traceback (most recent call last):
          File "/srv/tienda/venv/django/db/backends/base/base.py", line 275, in ensure_connection
            self.connect()
          File "/srv/tienda/venv/psycopg/connection.py", line 119, in connect
            raise last_ex.with_traceback(None)
        psycopg.OperationalError: connection to server at "db1", port 5432 failed: FATAL:  sorry, too many clients already

        The above exception was the direct cause of the following exception:

        Traceback (most recent call last):
          File "/srv/tienda/shop/checkout.py", line 88, in pay
            order = Order.objects.select_for_update().get(pk=order_id)
          File "/srv/tienda/venv/django/db/backends/base/base.py", line 275, in ensure_connection
            self.connect()
        django.db.utils.OperationalError: connection to server at "db1", port 5432 failed: FATAL:  sorry, too many clients already
        """;

    public const string SearchTimeout = """
        Traceback (most recent call last):
          File "/srv/tienda/shop/search.py", line 41, in find
            hits = index.query(words, limit=24)
          File "/srv/tienda/shop/index.py", line 112, in query
            reply = self._socket.recv(65536)
        TimeoutError: timed out

        During handling of the above exception, another exception occurred:

        Traceback (most recent call last):
          File "/srv/tienda/shop/search.py", line 43, in find
            raise SearchUnavailable(words) from None
        shop.errors.SearchUnavailable: the index did not answer within 3 s
        """;

    public const string MissingPrice = """
        Traceback (most recent call last):
          File "/srv/tienda/venv/django/core/handlers/exception.py", line 55, in inner
            response = get_response(request)
          File "/srv/tienda/shop/catalogue.py", line 67, in product
            price = prices[sku]
        KeyError: 'TE-0417'
        """;

    public const string NoConnectionInPool = """
        Npgsql.NpgsqlException (0x80004005): The connection pool has been exhausted (Max Pool Size 100, Timeout 15 s)
         ---> System.TimeoutException: The operation has timed out.
           --- End of inner exception stack trace ---
           at Npgsql.PoolingDataSource.<Get>g__RentAsync|33_0(NpgsqlConnection conn, NpgsqlTimeout timeout)
           at Npgsql.NpgsqlConnection.<Open>g__OpenAsync|42_0(Boolean async)
           at Payments.Storage.ChargeStore.BeginAsync(Int64 orderId) in /src/Payments/Storage/ChargeStore.cs:line 57
           at Payments.Api.ChargesController.PostAsync(ChargeRequest request) in /src/Payments/Api/ChargesController.cs:line 34
        """;
}
