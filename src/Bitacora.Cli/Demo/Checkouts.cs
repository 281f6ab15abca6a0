using System.Globalization;
using Bitacora.Records;

namespace Bitacora.Cli.Demo;

/// <summary>What an order leaves in the logs of all programs that it passes, under one request id.</summary>
internal sealed class Checkouts(Chance chance, WebServer web, Payments payments, Database database)
{
    private const string Path = "/pagar";

    private long _lastOrder = 48_000;

    public void Succeed(DateTimeOffset time, Customer customer, List<DemoRecord> to)
    {
        var (request, order, amount) = (web.NewRequestId(), ++_lastOrder, Math.Floor(8 + chance.Milliseconds(45)) + 0.95);
        var bank = chance.Milliseconds(240);
        to.Add(Shop(time.AddMilliseconds(3), Level.Info, customer, request, order)
            with
        { Message = $"order {order} of {customer.Name} ({customer.City}): charging {Euros(amount)} EUR" });
        to.Add(Payments.Asks(time.AddMilliseconds(9), request));
        var done = time.AddMicroseconds(Math.Round((bank + 10) * 1000));
        if (chance.Happens(0.04))
        {
            to.Add(payments.Refused(done, request, customer, order, amount));
            to.Add(Shop(done.AddMilliseconds(2), Level.Warning, customer, request, order)
                with
            { Message = $"order {order}: card refused" });
            to.Add(web.Answered(time, "POST", Path, 402, bank + 14, customer, request));
            return;
        }

        to.Add(payments.Accepted(done, request, customer, order, amount, bank));
        to.Add(Shop(done.AddMilliseconds(4), Level.Info, customer, request, order)
            with
        { Message = $"order {order} placed", DurationMs = bank + 11 });
        to.Add(web.Answered(time, "POST", Path, 302, bank + 16, customer, request));
    }

    /// <summary>There is no connection left: neither for the payments service nor for the shop.</summary>
    public void Fail(DateTimeOffset time, Customer customer, string? request, List<DemoRecord> to)
    {
        request ??= web.NewRequestId();
        var order = ++_lastOrder;
        to.Add(Shop(time.AddMilliseconds(3), Level.Info, customer, request, order)
            with
        { Message = $"order {order} of {customer.Name} ({customer.City}): charging" });
        to.Add(Payments.Asks(time.AddMilliseconds(9), request));
        to.Add(Payments.Failed(time.AddMilliseconds(15_012), request, customer, order));
        to.Add(database.Refuses(time.AddMilliseconds(15_020), "tienda"));
        to.Add(Shop(time.AddMilliseconds(15_031), Level.Error, customer, request, order)
            with
        { Message = $"order {order} could not be saved", Traceback = Tracebacks.NoConnection });
        to.Add(web.Answered(time, "POST", Path, 502, 15_040, customer, request));
    }

    private static string Euros(double amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    private static DemoRecord Shop(DateTimeOffset time, Level level, Customer customer, string request, long order) => new()
    {
        Time = time,
        Level = level,
        Source = "tienda",
        Logger = "shop.checkout",
        Host = "app1",
        Message = "",
        RequestId = request,
        UserId = customer.Id,
        Attributes = [new("order", AttributeValue.From(order))],
    };
}
