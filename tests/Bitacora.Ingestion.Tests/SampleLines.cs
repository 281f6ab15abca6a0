using System.Globalization;

namespace Bitacora.Ingestion.Tests;

/// <summary>Lines of about 400 bytes as programs write them.</summary>
internal static class SampleLines
{
    public static string Json(int i) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"time":"{{Time(i)}}","level":"{{Level(i)}}","logger":"shop.orders.checkout","source":"shop","host":"web-{{i % 8}}",|
        "message":"order {{i * 7919}} of customer {{i % 997}} paid in {{i % 1733}}.{{i % 10}} ms{{(i % 20 == 0 ? ", Málaga" : "")}}",|
        "request_id":"req-{{i / 3:x12}}","user_id":{{i % 50_000}},"session_id":"s{{i / 100:x8}}","duration_ms":{{i % 1733}}.{{i % 10}},|
        "client":"203.0.113.{{i % 250}}","agent":"shop-app/4.{{i % 7}} (android)","status":{{(i % 50 == 0 ? 500 : 200)}},|
        "path":"/api/orders/{{i % 100}}","retry":false}
        """).Replace("|\n", "", StringComparison.Ordinal) + "\n";

    public static string Clef(int i) => string.Create(CultureInfo.InvariantCulture, $$"""
        {"@t":"{{Time(i)}}","@l":"Warning","@mt":"Order {Order} of customer {Customer} paid with {Means} in {Elapsed:0.0} ms",|
        "@r":["{{i % 1733}}.{{i % 10}}"],"Order":{{i * 7919}},"Customer":{{i % 997}},"Means":"card","Elapsed":{{i % 1733}}.{{i % 10}}4,|
        "SourceContext":"Shop.Orders.Checkout","RequestId":"req-{{i / 3:x12}}","MachineName":"web-{{i % 8}}","StatusCode":200}
        """).Replace("|\n", "", StringComparison.Ordinal) + "\n";

    private static string Time(int i) => $"2024-05-01T12:{i / 60 % 30:00}:{i % 60:00}.{i % 1_000_000:000000}Z";

    private static string Level(int i) => (i % 50) switch { 0 => "ERROR", 1 => "WARNING", < 10 => "DEBUG", _ => "INFO" };
}
